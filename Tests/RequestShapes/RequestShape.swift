/// The bytes of one connection that two readers may understand differently, and what has to become of them.
///
/// Plain data: one table for the parser alone and for the built program before Hysteria.
public struct RequestShape: Sendable, CustomStringConvertible {
    /// What it is about.
    public var name: String
    /// The bytes as text, with ``placeholder`` where a token that may do everything goes.
    public var text: String
    /// The status of each answer, in order. Behind the last one the connection ends.
    public var statuses: [Int]
    /// Whether the last answer is the parser's refusal.
    public var isRefused: Bool
    /// What Hysteria is asked, in order.
    public var calls: [String]

    /// The name.
    public var description: String { name }

    /// Stands for the token.
    public static let placeholder = "{token}"

    /// Every shape there is.
    public static let all = framing + lines + fields + targets + chunks + passing

    /// One that is refused. The request behind it, which would empty the counters, must not be seen.
    static func refused(_ name: String, _ text: String, _ status: Int = 400) -> RequestShape {
        RequestShape(name: name, text: text + hidden, statuses: [status], isRefused: true, calls: [])
    }

    /// One that is answered as the last of its connection.
    static func last(_ name: String, _ text: String, _ status: Int, _ calls: String...) -> RequestShape {
        RequestShape(name: name, text: text + hidden, statuses: [status], isRefused: false, calls: calls)
    }

    /// One that is a request like any other, whatever it looks like: the next one is read behind it.
    static func served(_ name: String, _ text: String, _ status: Int, _ calls: String...) -> RequestShape {
        let next = request("GET /online", "Connection: close")
        return RequestShape(
            name: name,
            text: text + next,
            statuses: [status, 200],
            isRefused: false,
            calls: calls + ["GET /online"]
        )
    }

    /// What a smuggler wants done.
    static let hidden = request("GET /traffic?clear=1")

    /// A request of method and target, with a host, the token and further fields.
    static func request(_ start: String, _ fields: String..., version: String = "HTTP/1.1") -> String {
        head("\(start) \(version)", ["Host: a"] + fields)
    }

    /// A kick with such fields, and a body.
    static func kick(_ fields: String..., body: String) -> String {
        head("POST /kick HTTP/1.1", ["Host: a"] + fields) + body
    }

    /// A kick with such chunks.
    static func chunked(_ body: String) -> String { kick("Transfer-Encoding: chunked", body: body) }

    /// A head with such lines, and the token.
    static func head(_ line: String, _ fields: [String]) -> String {
        ([line, "Authorization: Bearer \(placeholder)"] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
    }
}
