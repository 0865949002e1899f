import ACME
import Testing

@Suite("What is asked of an authority beforehand")
struct AuthoritySurveyTests {
    private static let date = "Sun, 22 Nov 2026 21:41:55 GMT"
    private static let moment: Int64 = 1_795_383_715

    private func survey(
        meta: String = "{}",
        status: Int = 200,
        body: String? = nil,
        date: String? = date,
        at now: Int64 = moment,
        account: ExternalAccountSettings? = nil,
        certificates: [[String]] = [["a.example"]],
        profile: ProfileRule = .automatic
    ) async throws -> AuthoritySurvey.Report {
        let directory = """
            {"newNonce":"https://ca.example/n","newAccount":"https://ca.example/a","newOrder":"https://ca.example/o",
            "renewalInfo":"https://ca.example/r","meta":\(meta)}
            """
        let answer = AuthorityResponse(status: status, body: Array((body ?? directory).utf8), date: date)
        let settings = AuthoritySettings(
            directory: "https://ca.example/dir",
            name: "example-ca",
            externalAccount: account
        )
        return await AuthoritySurvey(
            of: settings,
            transport: OneAnswer(result: .success(answer)),
            clock: StillClock(now)
        )
        .run(for: try certificates.map { try $0.map { try Identifier($0) } }, profile: profile)
    }

    @Test("a directory that answers is found, with the terms")
    func found() async throws {
        let report = try await survey(meta: #"{"termsOfService":"https://ca.example/terms"}"#)
        expect(report.findings, .ok, "https://ca.example/dir answers and is trusted", "https://ca.example/terms")
        #expect(report.directory?.newOrder == "https://ca.example/o")
    }

    @Test("why it cannot be reached is said as the client says it")
    func unreached() async {
        let error = AuthorityTransportError("https://ca.example/dir is not trusted: is the clock right?")
        let settings = AuthoritySettings(directory: "https://ca.example/dir", name: "example-ca")
        let report = await AuthoritySurvey(
            of: settings,
            transport: OneAnswer(result: .failure(error)),
            clock: StillClock()
        ).run(for: [], profile: .automatic)
        expect(report.findings, .failure, "example-ca: https://ca.example/dir is not trusted")
        #expect(report.directory == nil)
    }

    @Test("an answer that is an error, or no directory, is a failure")
    func wrong() async throws {
        let problem = #"{"type":"urn:ietf:params:acme:error:serverInternal","detail":"down\nfor today"}"#
        expect(try await survey(status: 503, body: problem).findings, .failure, "status 503", "down for today")
        expect(try await survey(body: "<html>").findings, .failure, "no directory of an ACME authority")
        expect(try await survey(body: "{}").findings, .failure, "no directory of an ACME authority", "newNonce")
    }

    @Test("an authority that wants an external account is a failure until there is one")
    func externalAccount() async throws {
        let meta = #"{"externalAccountRequired":true}"#
        let without = try await survey(meta: meta).findings
        expect(Array(without.dropFirst()), .failure, "acme.externalAccount")
        let account = ExternalAccountSettings(id: "1", key: [1])
        #expect(try await survey(meta: meta, account: account).findings.map(\.verdict) == [.ok])
    }

    @Test("a profile that is configured has to be offered; what is missing is said once")
    func profile() async throws {
        let meta = #"{"profiles":{"classic":"…","tlsserver":"…"}}"#
        let certificates = [["a.example"], ["b.example"]]
        let missing = try await survey(meta: meta, certificates: certificates, profile: .named("shortlived")).findings
        expect(Array(missing.dropFirst()), .failure, "acme.profile", "classic, tlsserver")
        let offered = try await survey(meta: meta, profile: .named("classic")).findings
        expect(Array(offered.dropFirst()), .ok, "a.example", "'classic'")
    }

    @Test("addresses want a profile for addresses where there are profiles")
    func addresses() async throws {
        let certificates = [["192.0.2.1"]]
        let missing = try await survey(meta: #"{"profiles":{"classic":"…"}}"#, certificates: certificates).findings
        expect(Array(missing.dropFirst()), .warning, "192.0.2.1", "'shortlived'", "it has classic")
        let offered = try await survey(meta: #"{"profiles":{"shortlived":"…"}}"#, certificates: certificates).findings
        expect(Array(offered.dropFirst()), .ok, "192.0.2.1", "'shortlived'")
        #expect(try await survey(certificates: certificates).findings.count == 1)
    }

    @Test("a clock that differs by more than five minutes is a warning; without a date there is none")
    func clock() async throws {
        for difference: Int64 in [300, -300] {
            #expect(try await survey(at: Self.moment + difference).findings.count == 1)
        }
        #expect(try await survey(date: nil, at: 0).findings.count == 1)
        #expect(try await survey(date: "yesterday", at: 0).findings.count == 1)
        let ahead = try await survey(at: Self.moment + 301).findings
        expect(Array(ahead.dropFirst()), .warning, "5 minutes ahead of", Self.date)
        let behind = try await survey(at: Self.moment - 7200).findings
        expect(Array(behind.dropFirst()), .warning, "120 minutes behind")
    }
}
