import NIOCore

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
    func streamOpened(id: Int32) -> HTTP2Stream
    /// After a request, further fields begin, which are its trailers.
    func trailersBegan()
    /// A field of the request, or of the trailers, that began last.
    ///
    /// - Returns: whether to go on.
    func field(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, isTrailer: Bool) -> Bool
    /// A field that may not be there, in its place.
    func invalidField()
    /// The fields of a request are complete.
    func headEnded(_ stream: HTTP2Stream, isComplete: Bool)
    /// A piece of a request's body.
    func bodyArrived(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream)
    /// A request is complete.
    func requestEnded(_ stream: HTTP2Stream)
    /// The caller has answered a PING.
    func pingAnswered()
    /// Part of an answer goes out; of one without content, all.
    func answerMoved(_ stream: HTTP2Stream, count: Int, isLast: Bool)
    /// Nothing more is to be sent or received on a stream. It is not touched again.
    ///
    /// - Parameter isRegular: Whether it ended without an error of either side.
    func streamClosed(_ stream: HTTP2Stream, isRegular: Bool)
}
