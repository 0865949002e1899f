import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("The access log is written aside", .timeLimit(.minutes(5)))
struct AccessLogTests {
    private let written = NIOLockedValueBox("")
    private let captured = CapturedLog()

    private func log(_ takes: @escaping @Sendable () -> Bool = { true }) -> AccessLog {
        AccessLog(
            format: .text,
            output: LogOutput { [written] lines in
                guard takes() else { return false }
                written.withLockedValue { $0 += String(buffer: lines) }
                return true
            },
            logger: captured.logger
        )
    }

    @Test("in order, and whole when it is closed")
    func order() async {
        let log = log()
        for number in 0..<1_000 { log.submit(ByteBuffer(string: "\(number)\n"), count: 1) }
        await log.close()
        #expect(written.withLockedValue { $0 } == (0..<1_000).map { "\($0)\n" }.joined())
        #expect(captured.lines.isEmpty)
    }

    @Test("what does not fit while nobody reads is counted, not kept")
    func bounded() async {
        let gate = NIOLock()
        gate.lock()
        let log = log { gate.withLock { true } }
        let megabyte = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
        for _ in 0..<10 { log.submit(megabyte, count: 7) }
        gate.unlock()
        await log.close()
        #expect(written.withLockedValue { $0.utf8.count } == 4 << 20)
        #expect(captured.lines == ["warning: access log lines were lost lines=42"])
    }

    @Test("there is room again once the reader goes on")
    func recovers() async {
        let gate = NIOLock()
        gate.lock()
        let log = log { gate.withLock { true } }
        let half = ByteBuffer(repeating: UInt8(ascii: "x"), count: 3 << 20)
        log.submit(half, count: 1)
        log.submit(half, count: 1)
        gate.unlock()
        #expect(await captured.line(containing: "lost lines=1") != nil)
        log.submit(half, count: 1)
        await log.close()
        #expect(written.withLockedValue { $0.utf8.count } == 6 << 20)
    }

    @Test("lines that an output does not take are counted, to the last")
    func failingOutput() async {
        let log = log { false }
        log.submit(ByteBuffer(string: "a\nb\n"), count: 2)
        log.submit(ByteBuffer(string: "c\n"), count: 1)
        await log.close()
        #expect(captured.lines == ["warning: access log lines were lost lines=3"])
    }

    // MARK: One event loop's lines

    private func write(_ count: Int, to buffer: AccessLogBuffer) {
        for _ in 0..<count {
            buffer.write(nil, peer: nil, token: nil, status: .badRequest, contentLength: 1, duration: nil, now: 0)
        }
    }

    private var lineCount: Int { written.withLockedValue { $0.utf8.filter { $0 == UInt8(ascii: "\n") }.count } }

    @Test("a line is handed over after a moment")
    func delay() async {
        let log = log()
        let loop = EmbeddedEventLoop()
        let buffer = AccessLogBuffer(log: log, eventLoop: loop)
        write(1, to: buffer)
        loop.advanceTime(by: .milliseconds(99))
        write(1, to: buffer)
        loop.advanceTime(by: .milliseconds(1))
        write(1, to: buffer)
        await log.close()
        #expect(lineCount == 2)
    }

    @Test("many lines are handed over at once")
    func batch() async {
        let log = log()
        let buffer = AccessLogBuffer(log: log, eventLoop: EmbeddedEventLoop())
        write(1_000, to: buffer)
        buffer.flush()
        buffer.flush()
        await log.close()
        #expect(lineCount == 1_000)
    }
}
