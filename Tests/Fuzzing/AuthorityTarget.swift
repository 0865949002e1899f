import ACME
import JSON
import NIOCore

/// What an authority sends, and what lies in files: whatever it is, nothing is sent to an address that is not https, nothing can end
/// a line of the log, and what is read of a record is read the same again.
struct AuthorityTarget: FuzzTarget {
    let name = "authority"

    let longest = 1024
    let words = [
        "{", "}", "[", "]", ":", ",", "\"", "null", "true", "\"newNonce\":", "\"newAccount\":", "\"newOrder\":",
        "\"renewalInfo\":", "\"meta\":", "\"profiles\":", "\"termsOfService\":", "\"externalAccountRequired\":",
        "\"status\":", "\"pending\"", "\"ready\"", "\"processing\"", "\"valid\"", "\"invalid\"", "\"authorizations\":",
        "\"finalize\":", "\"certificate\":", "\"identifier\":", "\"identifiers\":", "\"type\":", "\"value\":",
        "\"dns\"",
        "\"ip\"", "\"challenges\":", "\"token\":", "\"tls-alpn-01\"", "\"http-01\"", "\"dns-01\"", "\"url\":",
        "\"error\":",
        "\"detail\":", "\"subproblems\":", "\"urn:ietf:params:acme:error:", "\"suggestedWindow\":", "\"start\":",
        "\"end\":",
        "\"explanationURL\":", "\"https://a.example/\"", "\"http://a.example/\"", "\"2026-01-01T00:00:00Z\"",
        "2026-01-01T00:00:00.5+08:00", "Sun, 06 Nov 1994 08:49:37 GMT", "3600", "\\r\\n", "\\u0000", "\"*.a.example\"",
        "\"192.0.2.1\"", "\"2001:db8::1\"", "\"keyAuthorization\":",
    ]

    var seeds: [[UInt8]] {
        [
            #"{"newNonce":"https://a.example/n","newAccount":"https://a.example/a","newOrder":"https://a.example/o","#
                + #""renewalInfo":"https://a.example/r","meta":{"termsOfService":"https://a.example/t","#
                + #""profiles":{"shortlived":"x"},"caaIdentities":["a.example"],"externalAccountRequired":false}}"#,
            #"{"status":"pending","identifiers":[{"type":"dns","value":"a.example"}],"authorizations":["https://a.example/z/1"],"#
                + #""finalize":"https://a.example/f/1","expires":"2026-01-01T00:00:00Z"}"#,
            #"{"status":"pending","identifier":{"type":"ip","value":"192.0.2.1"},"challenges":[{"type":"tls-alpn-01","#
                + #""url":"https://a.example/c/1","token":"abc-_","status":"pending"},{"type":"dns-persist-01"}]}"#,
            #"{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many\r\n","subproblems":[{"type":"x"}]}"#,
            #"{"suggestedWindow":{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"},"explanationURL":"https://a.example/"}"#,
            "Sun, 06 Nov 1994 08:49:37 GMT", "120", "2026-01-01T00:00:00.123456789+08:00", "*.bücher.example",
            "2001:DB8::0:1",
            #"{"identifier":{"type":"dns","value":"a.example"},"type":"http-01","token":"abc","keyAuthorization":"abc.def"}"#,
        ].map { Array($0.utf8) }
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input, as: UTF8.self)
        if let seconds = RetryAfter.seconds(text, now: 1_800_000_000) { require(seconds >= 0, "wait for \(seconds)") }
        _ = InternetTime.seconds(rfc3339: text)
        _ = InternetTime.seconds(http: text)
        if let identifier = try? Identifier(text) {
            require((try? Identifier(identifier.value)) == identifier, "\(identifier) is another one when read again")
            require(!identifier.fileName.contains("/") && !identifier.fileName.hasPrefix("."), identifier.fileName)
        }
        if AuthorityURL.isUsable(text) {
            require(text.hasPrefix("https://") && isLine(text), "\(text) is a URL to ask")
        }
        guard let json = try? JSONValue(parsing: ByteBuffer(bytes: input)) else { return }
        take(json)
    }

    private func take(_ json: JSONValue) {
        if let directory = try? Directory(json) {
            for url in [directory.newNonce, directory.newAccount, directory.newOrder] {
                require(AuthorityURL.isUsable(url), "the directory has \(url)")
            }
            for line in [directory.terms].compactMap(\.self) + directory.caaIdentities { require(isLine(line), line) }
        }
        _ = try? Order(json)
        _ = try? Authorization(json)
        if let challenge = Challenge(json) { require(AuthorityURL.isUsable(challenge.url), challenge.url) }
        require(isLine(AuthorityProblem(json).words), "a problem of several lines")
        if let window = try? RenewalInfo.window(json) { require(window.start < window.end, "\(window)") }
        if let record = CertificateRecord(json: json) {
            require(CertificateRecord(json: record.json) == record, "a record is written otherwise")
        }
        if let proof = Proof(json: json) { require(Proof(json: proof.json) == proof, "a proof is written otherwise") }
    }

    /// Whether a text can stand in a line of the log, and in a field of a header.
    private func isLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
