import ACME
import JSON
import NIOCore
import OpenSSLCrypto
import Testing

@Suite("Moments, signatures and files")
struct DocumentTests {
    @Test("moments of RFC 3339")
    func internetTime() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-22T21:41:55Z", 1_795_383_715),
            ("2026-11-22T21:41:55.123456Z", 1_795_383_715),
            ("2026-11-22T22:41:55+01:00", 1_795_383_715), ("2024-02-29T00:00:00Z", 1_709_164_800),
            ("2000-03-01T00:00:00z", 951_868_800),
        ] as [(String, Int64)] {
            #expect(InternetTime.seconds(rfc3339: text) == seconds)
        }
        for text in [
            "", "2026-11-22", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z",
            "2026-11-22T21:41:55", "x", "2026-11-22T21:41:55Zx", "+026-11-22T21:41:55Z",
        ] {
            #expect(InternetTime.seconds(rfc3339: text) == nil)
        }
    }

    @Test("Retry-After: seconds or a date, never negative")
    func retryAfter() {
        #expect(RetryAfter.seconds("120", now: 0) == 120)
        #expect(RetryAfter.seconds(" 120 ", now: 0) == 120)
        #expect(RetryAfter.seconds("99999999999999999999", now: 0) == 31_536_000)
        #expect(RetryAfter.seconds("Sun, 22 Nov 2026 21:41:55 GMT", now: 1_795_383_700) == 15)
        #expect(RetryAfter.seconds("Sun, 22 Nov 2026 21:41:55 GMT", now: 1_795_383_800) == 0)
        for text in ["", "-1", "1.5", "soon", "Sun, 22 Foo 2026 21:41:55 GMT", "Sun, 22 Nov 2026 21:41:55"] {
            #expect(RetryAfter.seconds(text, now: 0) == nil)
        }
    }

    @Test("URLs of authorities are https, and cannot end a header field")
    func urls() {
        #expect(AuthorityURL.isUsable("https://a.example:14000/x?y=z"))
        for text in [
            "", "http://a.example/", "https://", "https:///x", "https://a@b/", "https://a/\r\nX: y", "https://a/ b",
            "https://a/\"", "https://a/#f", "https://:80/", "https://a/" + String(repeating: "a", count: 3000),
        ] {
            #expect(!AuthorityURL.isUsable(text))
        }
    }

    @Test("a key is written, read, and signs in 64 bytes; a key of another kind is refused")
    func keys() throws {
        let key = try AccountKey()
        let read = try AccountKey(pem: key.pem())
        #expect(read.jwk == key.jwk && read.thumbprint == key.thumbprint && key.thumbprint.utf8.count == 43)
        #expect(throws: P256KeyError.unreadable) { try AccountKey(pem: Array("nothing".utf8)) }
        #expect(throws: P256KeyError.unreadable) { try AccountKey(pem: []) }
        for _ in 0..<300 { #expect(try P256Key().sign([1, 2, 3]).count == 64) }
    }

    @Test("a request has the members of a flattened JWS, and its header says what it is for")
    func signing() throws {
        let key = try AccountKey()
        let body = try SignedRequest.body(
            payload: [],
            url: "https://a.example/x",
            nonce: "abc",
            account: "https://a.example/acct/1",
            key: key
        )
        let json = try JSONValue(parsing: ByteBuffer(bytes: body))
        #expect(json.object?.keys.sorted() == ["payload", "protected", "signature"])
        #expect(json["payload"]?.string?.isEmpty == true)
        let header = try header(json)
        #expect(header["alg"] == "ES256" && header["nonce"] == "abc" && header["url"] == "https://a.example/x")
        #expect(header["kid"] == "https://a.example/acct/1" && header["jwk"] == nil)
        let second = try SignedRequest.body(
            payload: [],
            url: "https://a.example/x",
            nonce: "abc",
            account: nil,
            key: key
        )
        let other = try self.header(JSONValue(parsing: ByteBuffer(bytes: second)))
        #expect(other["kid"] == nil && other["jwk"]?["crv"] == "P-256")
    }

    @Test("an external account signs the key with its code, whatever its name")
    func binding() throws {
        let account = ExternalAccountSettings(id: "a\"b\\c", key: Array("secret".utf8))
        let key = try AccountKey()
        let body = ExternalAccountBinding.json(account, newAccount: "https://a.example/new", key: key)
        let json = try JSONValue(parsing: ByteBuffer(bytes: body))
        let header = try header(json)
        #expect(header["alg"] == "HS256" && header["kid"] == .string(account.id) && header["nonce"] == nil)
        #expect(!"\(account)".contains("secret"))
        var dumped = ""
        dump(account, to: &dumped)
        #expect(!dumped.contains("115"))
    }

    @Test("HMAC of RFC 4231, case 2; keys of external accounts in either alphabet")
    func codes() {
        let code = HMACSHA256.code(for: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(code.prefix(4) == [0x5b, 0xdc, 0xc1, 0x46])
        #expect(Base64URL.decodeKey("-_8") == [0xfb, 0xff] && Base64URL.decodeKey("+/8=") == [0xfb, 0xff])
        #expect(Base64URL.decodeKey("a b") == nil && Base64URL.decodeKey("") == nil)
    }

    @Test("what is kept is read as it was written; what is not whole is as if absent")
    func records() throws {
        var history = AttemptHistory(identifiers: [.name("a.com"), .address("192.0.2.1")])
        history.failures = 3
        history.failedAt = [1, 2, 3]
        history.next = 99
        history.isDormant = true
        history.problem = "x"
        history.validationFailedAt = 7
        history.issued = [5]
        #expect(AttemptHistory(json: history.json) == history)
        let account = AccountRecord(
            url: "https://a/1",
            contact: ["mailto:a@b"],
            terms: "https://t",
            registeredAt: 3,
            repairedAt: 4
        )
        #expect(AccountRecord(json: account.json) == account)
        let order = OrderRecord(
            url: "https://a/1",
            identifiers: [.name("a.com")],
            account: "https://a/2",
            proof: .http,
            createdAt: 3,
            expires: 4,
            replaces: "r.s"
        )
        #expect(OrderRecord(json: order.json) == order)
        let record = CertificateRecord(
            identifiers: [.name("a.com")],
            authority: "https://a/dir",
            account: "https://a/1",
            certificate: IssuedCertificate(serial: "0a", certID: "x.y", notBefore: 1, notAfter: 2),
            issuedAt: 1,
            renewal: KeptRenewalInfo(start: 1, end: 3, chosen: 2, explanation: "https://e"),
            askAt: 8,
            replacesRefused: true
        )
        #expect(CertificateRecord(json: record.json) == record)
        for json in [JSONValue.null, [], "x", ["url": "http://a"], ["identifiers": [["type": "dns"]]]] {
            #expect(AttemptHistory(json: json) == nil && AccountRecord(json: json) == nil)
            #expect(OrderRecord(json: json) == nil && CertificateRecord(json: json) == nil)
        }
        guard case .object(var members) = record.json else { return }
        members["notAfter"] = .integer(.max)
        #expect(CertificateRecord(json: .object(members)) == nil)
    }

    @Test("a problem is one line, whatever an authority sends")
    func problems() {
        let body =
            "{\"type\":\"urn:ietf:params:acme:error:rateLimited\",\"detail\":\"a\\nb\\u0000c\",\"subproblems\":[{\"type\":\"x\",\"detail\":\"d\",\"identifier\":{\"value\":\"n\"}}]}"
        let problem = AuthorityProblem(AuthorityResponse(status: 429, body: Array(body.utf8)))
        #expect(problem.type == "rateLimited" && problem.words == "rateLimited: a b c; n: x: d")
        #expect(AuthorityProblem(AuthorityResponse(status: 502, body: Array("<html>".utf8))).words == "status 502")
    }

    private func header(_ json: JSONValue) throws -> JSONValue {
        let text = try #require(json["protected"]?.string)
        return try JSONValue(parsing: ByteBuffer(bytes: try #require(Base64URL.decodeKey(text))))
    }
}
