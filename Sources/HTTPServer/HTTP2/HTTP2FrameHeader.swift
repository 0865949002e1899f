/// What stands before the payload of each frame (RFC 9113, section 4.1).
struct HTTP2FrameHeader {
    /// How long it is, in bytes.
    static let size = 9

    /// The types that are told apart here.
    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case priority = 2
        case reset = 3
        case ping = 6
        case continuation = 9
    }

    private static let endStream: UInt8 = 0x1
    private static let padded: UInt8 = 0x8

    /// The type; nil for all others.
    var kind: Kind?
    /// The size of the payload in bytes.
    var length: Int
    var flags: UInt8
    /// Which stream it belongs to; 0 for the connection itself.
    var stream: Int32

    /// Whether the request ends with it.
    var endsStream: Bool { flags & Self.endStream != 0 }

    /// How much of the payload is certain to be no padding, whose own length is in the payload.
    var certainLength: Int { flags & Self.padded != 0 ? length - 256 : length }
}

extension HTTP2FrameHeader {
    /// Reads the first ``size`` bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        kind = Kind(rawValue: bytes[3])
        flags = bytes[4]
        // The first bit is reserved, and ignored.
        stream =
            Int32(bytes[5] & 0x7F) << 24 | Int32(bytes[6]) << 16 | Int32(bytes[7]) << 8 | Int32(bytes[8])
    }
}

/// Why a stream or a connection ends (RFC 9113, section 7), as far as the gateway says it.
enum HTTP2ErrorCode: UInt32 {
    case noError = 0x0
    case protocolError = 0x1
    case internalError = 0x2
    case streamClosed = 0x5
    case frameSizeError = 0x6
    case cancel = 0x8
    case enhanceYourCalm = 0xB
}
