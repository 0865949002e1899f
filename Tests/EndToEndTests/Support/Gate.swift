import Dispatch
import NIOCore
import Synchronization

/// Holds up a simulated Hysteria, which has an event loop of its own: while it is closed, nothing is read or answered.
final class Gate: Sendable {
    private let eventLoop: any EventLoop
    private let isClosed = Mutex(false)
    private let opened = DispatchSemaphore(value: 0)

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Closes the gate, behind what has been answered already.
    func close() {
        isClosed.withLock { isClosed in
            guard !isClosed else { return }
            isClosed = true
            eventLoop.execute { [opened] in opened.wait() }
        }
    }

    /// Opens the gate again.
    func open() {
        isClosed.withLock { isClosed in
            if isClosed { opened.signal() }
            isClosed = false
        }
    }
}
