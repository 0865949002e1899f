@testable import Gateway
@testable import HTTPServer

/// One connection: however its bytes come, they are read the same, and no other parser reads what is accepted otherwise.
struct HTTP1Target: FuzzTarget {
    let name = "http1"

    let longest = 512
    let words = [
        "\r\n", "\r\n\r\n", "\n", "\r", " ", "\t", "\0", ":", ": ", ",", ";", "\"", "\\", "\u{7F}", "\u{80}", "GET ",
        "POST ",
        "HEAD", "OPTIONS * ", "CONNECT", "PRI * HTTP/2.0\r\n\r\nSM", " HTTP/1.1\r\n", " HTTP/1.0\r\n", " HTTP/1.2\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n", "http://", "https://", "Host: a\r\n", "Connection: close\r\n",
        "Connection: keep-alive\r\n", "Content-Length: 1\r\n", "Content-Length: 01\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding:\tchunked\r\n", "transfer-encoding: identity\r\n", "Expect: 100-continue\r\n",
        "Authorization: x\r\n", "Accept: x\r\n", "User-Agent: x\r\n", "Origin: x\r\n", "Sec-Fetch-Site: cross-site\r\n",
        "Access-Control-Request-Method: x\r\n", "Upgrade: x\r\n", "1\r\nx\r\n", "0\r\n\r\n", "0\r\nX: y\r\n\r\n",
        ";a=\"b\"",
    ]

    var seeds: [[UInt8]] { RequestCorpus.all.filter { $0.count <= longest } }

    func take(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        let comparison = HTTP1Comparison(bytes)
        require(comparison.disagreement == nil, "\(comparison.disagreement ?? "")")
        let whole = comparison.ours
        let broken = HTTP1Rules.broken(by: bytes, accepted: comparison.ours.messages)
        require(broken == nil, "accepted in spite of \(broken ?? ""): \(comparison.ours)")
        let bytewise = Reading(segments: bytes.map { [$0] })
        require(bytewise == whole, "byte by byte: \(bytewise); at once: \(whole)")
        // Where to cut depends on the bytes alone.
        let cut = bytes.isEmpty ? 0 : bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % bytes.count
        let split = Reading(segments: [Array(bytes[..<cut]), Array(bytes[cut...])])
        require(split == whole, "cut at \(cut): \(split); at once: \(whole)")
    }
}
