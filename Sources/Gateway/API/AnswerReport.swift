import Access
import HTTPServer
import NIOCore

/// An answer as the counters and the access log tell of it.
struct AnswerReport {
    private let route: Route?
    private let caller: Caller?
    private let record: AccessRecord?
    private let status: HTTPStatus
    private let contentLength: Int
    /// From the head of the request to now; nil if it could not be parsed.
    private let duration: TimeAmount?

    /// - Parameters:
    ///   - request: what is answered; nil if it could not be parsed.
    ///   - contentLength: the size of the content that goes out, in bytes.
    init(on request: PendingRequest?, _ status: HTTPStatus, contentLength: Int, _ context: LoopContext) {
        route = request?.route
        caller = request?.caller
        record = request?.record
        duration = request.map { context.uptime() - $0.began }
        self.status = status
        self.contentLength = contentLength
    }

    /// Counts the answer.
    func count(in counters: inout LoopCounters) {
        counters.requests.add(route: route?.number, status: status, token: caller?.label ?? TokenLabels.none)
        if let duration { counters.durations.record(duration) }
    }

    /// What writes the line, once it is known whether the answer has left for the caller.
    ///
    /// - Parameter now: seconds since 1970.
    func line(
        in log: AccessLogBuffer,
        _ peer: SocketAddress?,
        _ certificateSubject: String?,
        now: Int64
    ) -> (_ isLost: Bool) -> Void {
        { isLost in
            log.write(
                record,
                peer: peer,
                token: caller?.name,
                certificateSubject: certificateSubject,
                status: status,
                contentLength: contentLength,
                duration: duration,
                isLost: isLost,
                now: now
            )
        }
    }
}
