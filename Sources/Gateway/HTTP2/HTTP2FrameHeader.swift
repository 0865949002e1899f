/// What stands before the payload of each frame (RFC 9113, section 4.1).
struct HTTP2FrameHeader {
    /// The types that are told apart here.
    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case ping = 6
        case continuation = 9
    }

    /// The type; nil for all others.
    var kind: Kind?
    /// The size of the payload in bytes.
    var length: Int
    /// Whether the request ends with it.
    var endsStream: Bool
}
