import HTTPServer
import HysteriaStats
import NIOCore

/// Turns Hysteria's answers into what a caller asked for and may see.
enum AnswerView {
    /// - Parameters:
    ///   - body: Hysteria's answer.
    ///   - caller: the one who asked; a caller limited to users sees those alone.
    /// - Throws: a ``JSONError`` if the answer is not what Hysteria sends.
    static func response(
        to call: StatsCall,
        _ body: ByteBuffer,
        route: Route,
        as format: AnswerFormat,
        for caller: Caller?
    ) throws -> Response {
        if case .kick = call { return Response(status: .ok) }
        if format == .json, route != .summary, caller?.users == nil {
            // Byte for byte: nothing that Hysteria says, or will say one day, is lost on the way.
            return Response(status: .ok, contentType: .json, body: body)
        }
        let sees = { (user: String) in caller?.sees(user: user) ?? true }
        var output = ByteBuffer()
        switch (call, format) {
        case (.kick, _):
            break
        case (.traffic, _), (.trafficClearing, _):
            var answer = try TrafficAnswer(parsing: body)
            answer.entries.removeAll { !sees($0.user) }
            switch (route, format) {
            case (.summary, .text): TrafficSummary.write(answer, into: &output)
            case (.summary, .json): TrafficSummary.writeJSON(answer, into: &output)
            case (_, .text): TrafficTable.write(answer, into: &output)
            case (_, .json): output = answer.encoded()
            }
        case (.online, _):
            var answer = try OnlineAnswer(parsing: body)
            answer.entries.removeAll { !sees($0.user) }
            if format == .text { OnlineTable.write(answer, into: &output) } else { output = answer.encoded() }
        case (.streams, _):
            var answer = try StreamsAnswer(parsing: body)
            answer.streams.removeAll { !sees($0.user) }
            if format == .text { StreamsTable.write(answer, into: &output) } else { output = answer.encoded() }
        }
        return Response(status: .ok, contentType: format == .json ? .json : .text, body: output)
    }
}
