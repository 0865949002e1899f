import NIOCore

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

/// What an ``HTTP2Session`` tells the one that it is used by, while it is given or gives bytes.
///
/// None of these may give the session bytes or take some; all of them may submit something to be sent.
protocol HTTP2SessionEvents: AnyObject {
    /// Another frame is about to be taken. Of all these, this one alone may take bytes from the session.
    ///
    /// - Returns: whether it may; otherwise it has to wait, with all that is after it.
    func prepareForFrame() -> Bool
    /// A frame begins, of which the session knows nothing yet.
    ///
    /// - Returns: whether to go on.
    func frameBegan(_ frame: HTTP2FrameHeader) -> Bool
    /// A request begins.
    func streamOpened(id: Int32) -> HTTP2StreamKey
    /// After a request, further fields begin, which are its trailers.
    func trailersBegan()
    /// A field of the request, or of the trailers, that began last.
    ///
    /// - Returns: whether to go on.
    func field(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, isTrailer: Bool) -> Bool
    /// A field that may not be there, in its place.
    func invalidField()
    /// The fields of a request are complete.
    func headEnded(_ key: HTTP2StreamKey, isComplete: Bool)
    /// A piece of a request's body.
    func bodyArrived(_ bytes: UnsafeRawBufferPointer, on key: HTTP2StreamKey)
    /// A request is complete.
    func requestEnded(_ key: HTTP2StreamKey)
    /// The caller has answered a PING.
    func pingAnswered()
    /// How much is left of an answer's content, in bytes.
    func contentLeft(_ key: HTTP2StreamKey) -> Int
    /// The next piece of an answer's content, which goes out; after the last one, the answer is out.
    func takeContent(_ key: HTTP2StreamKey, count: Int) -> ByteBuffer
    /// An answer without content is out.
    func answerEnded(_ key: HTTP2StreamKey)
    /// Nothing more is to be sent or received on a stream. It is not touched again.
    ///
    /// - Parameter isRegular: Whether it ended without an error of either side.
    func streamClosed(_ key: HTTP2StreamKey, isRegular: Bool)
}
