/// A stream, as the session and its user name it to one another: by its number, and by the place that the user has given it,
/// so that nobody has to search.
struct HTTP2StreamKey: Equatable {
    /// The number that frames know the stream by.
    let id: Int32
    /// Where the stream stands in its user's table.
    let place: Int32

    init(id: Int32, place: Int32) {
        self.id = id
        self.place = place
    }

    /// The key in the shape in which libnghttp2 keeps it for a stream. It is never nil, because no stream has the number 0.
    var pointer: UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: UInt(UInt32(bitPattern: id)) << 32 | UInt(UInt32(bitPattern: place)))
    }

    init(_ pointer: UnsafeMutableRawPointer) {
        let bits = UInt(bitPattern: pointer)
        id = Int32(truncatingIfNeeded: bits >> 32)
        place = Int32(truncatingIfNeeded: bits)
    }
}
