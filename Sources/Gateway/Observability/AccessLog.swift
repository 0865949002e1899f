import Atomics
import GatewayConfiguration
import Logging
import NIOCore
import NIOPosix

/// Writes access log lines to a file descriptor, away from the event loops.
///
/// A reader that does not keep up costs lines, which are counted, and never time: what waits to be written is bounded.
final class AccessLog: Sendable {
    /// How much may wait to be written, in bytes.
    private static let capacity = 4 * 1024 * 1024

    /// How a line is written.
    let format: LogFormat
    private let output: LogOutput
    private let writer = NIOThreadPool(numberOfThreads: 1)
    private let waiting = ManagedAtomic<Int>(0)
    private let lost = ManagedAtomic<Int>(0)
    private let lostInAll = ManagedAtomic<Int>(0)
    private let logger: Logger

    /// - Parameter output: where lines go; called on one thread, which it may block.
    init(format: LogFormat, output: LogOutput, logger: Logger) {
        self.format = format
        self.output = output
        self.logger = logger
        writer.start()
    }

    /// Takes whole lines to be written in the order of the calls from one event loop.
    func submit(_ lines: ByteBuffer, count: Int) {
        let length = lines.readableBytes
        guard waiting.wrappingIncrementThenLoad(by: length, ordering: .relaxed) <= Self.capacity else {
            waiting.wrappingDecrement(by: length, ordering: .relaxed)
            lose(count)
            return
        }
        writer.submit { [self] state in
            var isTaken = false
            if case .active = state { isTaken = output.take(lines) }
            waiting.wrappingDecrement(by: length, ordering: .relaxed)
            guard isTaken else {
                lose(count)
                return
            }
            tellLost()
        }
    }

    /// How many lines have been lost since the start.
    var linesLost: Int { lostInAll.load(ordering: .relaxed) }

    private func lose(_ count: Int) {
        lost.wrappingIncrement(by: count, ordering: .relaxed)
        lostInAll.wrappingIncrement(by: count, ordering: .relaxed)
    }

    private func tellLost() {
        let missing = lost.exchange(0, ordering: .relaxed)
        if missing > 0 { logger.warning("access log lines were lost", metadata: ["lines": "\(missing)"]) }
    }

    /// Returns when all that was submitted is written. Nothing may be submitted after it.
    func close() async {
        // Shutting the pool down cancels what it has not begun, so the end of the queue is waited for first.
        try? await writer.runIfActive {}
        try? await writer.shutdownGracefully()
        tellLost()
    }
}
