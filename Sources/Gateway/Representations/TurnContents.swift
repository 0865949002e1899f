import NIOCore

/// The contents that go out in the same turn of an event loop: callers who wait for one fetch are all answered in one turn, and
/// those among them who get the same bytes share what is made of these.
///
/// Not `Sendable`: one per event loop.
final class TurnContents {
    private let eventLoop: any EventLoop
    private let offLoop: OffLoop
    /// By where their bytes are. As long as they are here, nothing else can be there.
    private var contents: [UnsafeRawPointer: SharedContent] = [:]

    init(_ offLoop: OffLoop, on eventLoop: any EventLoop) {
        self.offLoop = offLoop
        self.eventLoop = eventLoop
    }

    /// The one content with these bytes, for who has the same buffer.
    func content(_ bytes: ByteBuffer) -> SharedContent {
        let start = bytes.withUnsafeReadableBytes(\.baseAddress)
        if let start, let known = contents[start], known.plain.readableBytes == bytes.readableBytes { return known }
        let content = SharedContent(bytes, offLoop, on: eventLoop)
        if let start {
            if contents.isEmpty { eventLoop.assumeIsolated().execute { [self] in contents = [:] } }
            contents[start] = content
        }
        return content
    }
}
