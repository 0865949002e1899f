/// Responses as Hysteria writes them, and such that it does not.
enum Responses {
    static func json(_ body: String, extra: String = "") -> String {
        """
        HTTP/1.1 200 OK\r
        Content-Type: application/json; charset=utf-8\r
        Date: Sun, 22 Nov 2026 21:00:00 GMT\r
        \(extra)Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    static func chunked(_ chunks: [String], trailer: String = "") -> String {
        let body = (chunks + [""]).map {
            "\(String($0.utf8.count, radix: 16))\r\n\($0)\($0.isEmpty ? trailer : "")\r\n"
        }
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + body.joined()
    }

    static func status(_ line: String, body: String = "") -> String {
        "HTTP/1.1 \(line)\r\nContent-Type: text/plain\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static let kicked = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
}
