import HysteriaStats
import NIOCore

/// Decides what a request gets, as Hysteria's handler does.
struct SimulatorRouter {
    private static let page = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Simulated Hysteria</title></head>
        <body><p>This is a simulation of Hysteria's traffic stats API. Its figures are invented.</p></body></html>

        """

    let secret: Secret?

    /// Whether the request will read its body: only then is it invited to send it.
    func readsBody(_ request: SimulatorRequest) -> Bool {
        isAllowed(request) && isKick(request)
    }

    /// Answers a request whose body was read, as far as it came.
    func answer(
        _ request: SimulatorRequest,
        body: [UInt8],
        end: SimulatorRequestParser.BodyEnd,
        hysteria: inout SimulatedHysteria,
        now: Int64
    ) -> SimulatorResponse {
        let isOptions = request.method.elementsEqual("OPTIONS".utf8)
        if isOptions, request.target == Array("*".utf8) { return .empty("200 OK") }
        guard isAllowed(request) else { return .error("401 Unauthorized", "unauthorized") }
        if isKick(request) { return kick(body, end, &hysteria) }
        guard request.method.elementsEqual("GET".utf8) else { return Self.notFound }
        switch String(decoding: request.url.path, as: UTF8.self) {
        case "/":
            return SimulatorResponse(
                status: "200 OK",
                contentType: "text/html; charset=utf-8",
                body: ByteBuffer(string: Self.page)
            )
        case "/traffic":
            let answer = hysteria.trafficAnswer
            if request.url.clears { hysteria.clear() }
            return .json(answer.encoded())
        case "/online":
            return .json(hysteria.onlineAnswer.encoded())
        case "/dump/streams":
            return streams(request, hysteria, now)
        default:
            return Self.notFound
        }
    }

    private static let notFound = SimulatorResponse.error("404 Not Found", "404 page not found")

    private func isAllowed(_ request: SimulatorRequest) -> Bool {
        guard let secret = self.secret else { return true }
        guard let value = request.header("authorization") else { return false }
        return secret.withUnsafeBytes { value.elementsEqual($0) }
    }

    private func isKick(_ request: SimulatorRequest) -> Bool {
        request.method.elementsEqual("POST".utf8) && request.url.path.elementsEqual("/kick".utf8)
    }

    private func kick(
        _ body: [UInt8],
        _ end: SimulatorRequestParser.BodyEnd,
        _ hysteria: inout SimulatedHysteria
    ) -> SimulatorResponse {
        if end == .malformed { return .error("400 Bad Request", "invalid byte in chunk length") }
        switch SimulatorKickDecoder.decode(body) {
        case .success(let users):
            hysteria.kick(users)
            return .empty("200 OK")
        case .failure(let complaint):
            return .error("400 Bad Request", complaint.text)
        }
    }

    private func streams(_ request: SimulatorRequest, _ hysteria: SimulatedHysteria, _ now: Int64) -> SimulatorResponse
    {
        let streams = hysteria.streams
        let accept = request.header("accept").map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard accept.contains("text/plain") else {
            return .json(StreamsAnswer(streams: streams.map(\.answer)).encoded())
        }
        let lines = [SimulatedStream.header] + streams.map { $0.line(now: now) }
        return SimulatorResponse(
            status: "200 OK",
            contentType: "text/plain; charset=utf-8",
            body: ByteBuffer(string: lines.joined())
        )
    }
}
