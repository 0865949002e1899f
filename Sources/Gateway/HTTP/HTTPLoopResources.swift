import LoopTimers
import NIOCore

/// What the connections of one event loop share so that an answer costs no allocation.
///
/// Not `Sendable`: it is used on its event loop only.
final class HTTPLoopResources {
    private let clock: WallClock
    private var httpDate = HTTPDate()
    /// Where heads are written. It is unique again, and so written over, once an answer has left for the socket.
    var scratch = ByteBufferAllocator().buffer(capacity: 2048)

    /// For the time limits of connections.
    let timers: LoopTimers

    init(eventLoop: any EventLoop, clock: WallClock) {
        self.clock = clock
        timers = LoopTimers.of(eventLoop)
    }

    /// The `Date` of an answer that goes out now.
    func date() -> [UInt8] {
        httpDate.update(to: clock.now())
        return httpDate.text
    }
}
