import HTTPServer
import NIOCore

/// Collects the access log lines of one event loop and hands them over in batches.
///
/// Not `Sendable`: it is used on its event loop only.
final class AccessLogBuffer {
    /// A batch of this size, in bytes, is handed over at once.
    private static let batch = 32 * 1024
    /// A smaller one after this time.
    private static let delay = TimeAmount.milliseconds(100)

    private let log: AccessLog
    private let eventLoop: any EventLoop
    private var line: AccessLogLine
    private var lines = ByteBuffer()
    private var count = 0
    private var isScheduled = false

    init(log: AccessLog, eventLoop: any EventLoop) {
        self.log = log
        self.eventLoop = eventLoop
        line = AccessLogLine(format: log.format)
    }

    /// Writes one line.
    ///
    /// - Parameters:
    ///   - record: what was asked; nil if it could not be read.
    ///   - token: the name of the caller's token; nil if the caller is unknown.
    ///   - certificateSubject: whom the caller's certificate is for; nil if it showed none.
    ///   - contentLength: in bytes.
    ///   - duration: from the head of the request to now; nil if it could not be read.
    ///   - isLost: whether the answer did not leave for the caller.
    ///   - now: seconds since 1970.
    func write(
        _ record: AccessRecord?,
        peer: SocketAddress?,
        token: String?,
        certificateSubject: String? = nil,
        status: HTTPStatus,
        contentLength: Int,
        duration: TimeAmount?,
        isLost: Bool = false,
        now: Int64
    ) {
        line.write(
            record,
            peer: peer,
            token: token,
            certificateSubject: certificateSubject,
            status: status,
            contentLength: contentLength,
            duration: duration,
            isLost: isLost,
            now: now,
            into: &lines
        )
        count += 1
        if lines.readableBytes >= Self.batch {
            flush()
        } else if !isScheduled {
            isScheduled = true
            eventLoop.assumeIsolated().scheduleTask(in: Self.delay) { [self] in
                isScheduled = false
                flush()
            }
        }
    }

    /// How many lines of all event loops have been lost since the start.
    var linesLost: Int { log.linesLost }

    /// Hands over what has been collected.
    func flush() {
        guard count > 0 else { return }
        log.submit(lines, count: count)
        lines = ByteBuffer()
        count = 0
    }
}
