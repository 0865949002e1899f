import Testing

/// One request to the simulator and what the real server was seen to answer.
struct SimulatorCase: Sendable, CustomTestStringConvertible {
    static let secret = "SECRET"

    let name: String
    let request: String
    let status: String
    /// The length of the body, where the answer does not depend on figures.
    var length: Int?
    var closes = false
    /// Whether `/traffic` is empty afterwards.
    var clears = false

    var testDescription: String {
        name
    }

    /// A request with everything right but what is given.
    static func text(
        _ start: String,
        _ headers: [String] = [],
        body: String? = nil,
        version: String = "HTTP/1.1",
        authorized: Bool = true
    ) -> String {
        var lines = ["\(start) \(version)", "Host: x"]
        if authorized { lines.append("Authorization: \(Self.secret)") }
        lines += headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    static func get(_ target: String, _ status: String = "200 OK", length: Int? = nil, closes: Bool = false) -> Self {
        Self(
            name: "GET \(target.prefix(60))",
            request: Self.text("GET \(target)"),
            status: status,
            length: length ?? (status == "404 Not Found" ? 19 : nil),
            closes: closes
        )
    }

    static func kick(_ body: String, _ status: String, length: Int) -> Self {
        Self(
            name: "POST /kick \(body)",
            request: Self.text("POST /kick", body: body),
            status: status,
            length: length
        )
    }

    static func clear(_ query: String, _ clears: Bool) -> Self {
        Self(
            name: "GET /traffic?\(query)",
            request: Self.text("GET /traffic?\(query)"),
            status: "200 OK",
            clears: clears
        )
    }
}
