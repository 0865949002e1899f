import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("The fields of a request are understood")
struct RequestFieldsTests {
    private func name(_ text: String) -> RequestFields.Name? {
        Array(text.utf8).withUnsafeBytes { RequestFields.Name($0) }
    }

    /// Takes a field, and says whether its value is to be kept.
    private func take(
        _ name: RequestFields.Name,
        _ value: String,
        at range: Range<Int>,
        in fields: inout RequestFields
    ) -> Result<Bool, RequestError> {
        Array(value.utf8).withUnsafeBytes { value in
            do throws(RequestError) {
                return .success(try fields.take(name, value, at: range))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test(
        "a name is known in any case, and nothing like it",
        arguments: [
            ("host", RequestFields.Name.host), ("accept", .accept), ("expect", .expect), ("origin", .origin),
            ("user-agent", .userAgent), ("authorization", .authorization), ("sec-fetch-site", .secFetchSite),
            ("access-control-request-method", .accessControlRequestMethod), ("accept-encoding", .acceptEncoding),
            ("if-none-match", .ifNoneMatch), ("idempotency-key", .idempotencyKey),
        ]
    )
    func names(text: String, expected: RequestFields.Name) {
        #expect(name(text) == expected)
        #expect(name(text.uppercased()) == expected)
        #expect(name(text + "s") == nil)
        #expect(name(String(text.dropLast())) == nil)
        #expect(name(":" + text.dropFirst()) == nil)
    }

    @Test(
        "what says where a message ends is no field of the request",
        arguments: ["content-length", "transfer-encoding", "connection", "upgrade", "te", ":authority", ""]
    )
    func framing(text: String) {
        #expect(name(text) == nil)
    }

    @Test("a value is kept where it is referred to")
    func kept() {
        var fields = RequestFields()
        #expect(result(take(.host, "a:1", at: 1..<4, in: &fields)) == .success(true))
        #expect(result(take(.authorization, "b", at: 5..<6, in: &fields)) == .success(true))
        #expect(result(take(.userAgent, "c", at: 7..<8, in: &fields)) == .success(true))
        #expect(result(take(.origin, "d", at: 9..<10, in: &fields)) == .success(true))
        #expect(fields.host == 1..<4)
        #expect(fields.authorization == 5..<6)
        #expect(fields.userAgent == 7..<8)
        #expect(fields.origin == 9..<10)
        #expect(fields.accept == nil)
        #expect(!fields.expectsContinue && !fields.asksForMethod && !fields.isFromAnotherSite)
    }

    @Test("what is understood at once is not kept")
    func understood() {
        var fields = RequestFields()
        #expect(result(take(.expect, "100-Continue", at: 1..<13, in: &fields)) == .success(false))
        #expect(result(take(.accessControlRequestMethod, "POST", at: 1..<5, in: &fields)) == .success(false))
        #expect(result(take(.secFetchSite, "same-site", at: 1..<10, in: &fields)) == .success(false))
        #expect(fields.expectsContinue && fields.asksForMethod && fields.isFromAnotherSite)
    }

    @Test(
        "a page of another site is told from the caller's own",
        arguments: [("cross-site", true), ("same-site", true), ("same-origin", false), ("none", false), ("", false)]
    )
    func site(value: String, expected: Bool) {
        var fields = RequestFields()
        #expect(result(take(.secFetchSite, value, at: 0..<0, in: &fields)) == .success(false))
        #expect(fields.isFromAnotherSite == expected)
    }

    @Test("fields that may come again are a list, the first, or nothing to rely on")
    func again() {
        var fields = RequestFields()
        for start in 1...3 {
            let range = start..<start + 1
            #expect(result(take(.accept, "a", at: range, in: &fields)) == .success(true))
            #expect(result(take(.userAgent, "a", at: range, in: &fields)) == .success(start == 1))
            #expect(result(take(.origin, "a", at: range, in: &fields)) == .success(start == 1))
        }
        #expect(fields.accept == 1..<2)
        #expect(fields.further(.accept) == [2..<3, 3..<4])
        #expect(fields.userAgent == 1..<2)
        #expect(fields.origin == 0..<0)
    }

    @Test(
        "fields that say two things at once are refused",
        arguments: [
            (RequestFields.Name.host, RequestError.malformed("There is more than one Host.")),
            (.authorization, .malformed("There is more than one Authorization.")),
        ]
    )
    func twice(name: RequestFields.Name, error: RequestError) {
        var fields = RequestFields()
        #expect(result(take(name, "a", at: 0..<1, in: &fields)) == .success(true))
        #expect(result(take(name, "a", at: 1..<2, in: &fields)) == .failure(error))
    }

    @Test("an expectation that is not understood is refused")
    func expectation() {
        var fields = RequestFields()
        #expect(result(take(.expect, "200-ok", at: 0..<6, in: &fields)) == .failure(.expectationFailed))
        #expect(!fields.expectsContinue)
    }

    @Test("a host that is no host name is refused", arguments: ["", "u@a", "a/b", "a b", "a,b"])
    func host(value: String) {
        var fields = RequestFields()
        let error = RequestError.malformed("The host is empty or not a host name with an optional port.")
        #expect(result(take(.host, value, at: 0..<value.utf8.count, in: &fields)) == .failure(error))
        #expect(fields.host == nil)
    }
}
