import NIOCore

@testable import Gateway
@testable import HTTPServer

/// What becomes of an HTTP/2 connection to which some steps happen.
final class HTTP2Run {
    /// The targets of the requests, in the order in which they were understood.
    private(set) var begun: [String] = []
    private(set) var answers: [UInt32: ServedHTTP2Connection.Answer] = [:]
    private(set) var goAway: UInt32?
    /// How many answers were given, and how many of them were said to be lost.
    private var given = 0
    private var lost = 0

    init(_ steps: [HTTP2Step], cut: Bool) {
        guard let connection = try? ServedHTTP2Connection() else { fatalError("no connection") }
        connection.plan = { [unowned self, unowned connection] target in
            begun.append(target)
            switch target.utf8.last {
            case UInt8(ascii: "w"): return .wait
            case UInt8(ascii: "b"):
                for exchange in connection.exchanges {
                    exchange.bodyPlan = { [unowned self] in .respond(answer(.text($0))) }
                }
                return .readBody
            case UInt8(ascii: "l"): return .respond(answer(.large(70_000)))
            default: return .respond(answer(.text(target)))
            }
        }
        for step in steps { take(step, connection, cut: cut) }
        answers = connection.answers
        goAway = connection.goAway
        end(connection)
    }

    private func answer(_ response: Response) -> Response {
        given += 1
        return response.losing { [unowned self] in lost += 1 }
    }

    private func take(_ step: HTTP2Step, _ connection: ServedHTTP2Connection, cut: Bool) {
        switch step {
        case .frame(let frame) where cut:
            // Not in its head: libnghttp2 counts each piece of that of a CONTINUATION as one more CONTINUATION.
            let end = 9 + frame.payload.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % max(frame.payload.count, 1)
            for piece in [frame.bytes[..<9], frame.bytes[9..<end], frame.bytes[end...]] where !piece.isEmpty {
                try? connection.receive(bytes: Array(piece))
            }
        case .frame(let frame): try? connection.receive(frame)
        case .time(let seconds): connection.advance(.seconds(seconds))
        case .writable(let isWritable): connection.setWritable(isWritable)
        case .drain:
            connection.registry.beginDrain()
            connection.run()
        case .answer(let number):
            let waiting = connection.exchanges.filter(\.isUnderWay)
            guard !waiting.isEmpty else { break }
            waiting[number % waiting.count].answer(answer(.text("waited")))
            connection.run()
        }
    }

    /// Closes the connection, and looks whether everything came to its end.
    private func end(_ connection: ServedHTTP2Connection) {
        if connection.isOpen { try? connection.channel.close().wait() }
        connection.run()
        for exchange in connection.exchanges {
            require(!exchange.isUnderWay, "nobody told the exchange of \(exchange.begun) that its caller is gone")
            exchange.forget()
        }
        let whole = connection.answers.values.count { $0.isComplete && $0.status == "200" }
        require(whole + lost == given, "\(given) answers, \(whole) of them whole, \(lost) lost: \(connection.answers)")
    }
}
