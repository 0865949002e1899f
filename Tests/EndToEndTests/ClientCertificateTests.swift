import Foundation
import Testing

/// Callers who have to show a certificate, and to name a token all the same.
@Suite(.startsPrograms)
struct ClientCertificateTests {
    @Test("who shows one and names a token is served and logged", arguments: Curl.TLS.allCases)
    func whoShowsOneAndNamesATokenIsServedAndLogged(tls: Curl.TLS) async throws {
        let phone = try await CallerIdentity.make("phone")
        let further = "clientCertificates: {authority: \(phone.certificate)}\naccessLog: json"
        try await Scene.play(Scene.Setting(further: further)) { scene in
            let served = try await scene.curl.run("/traffic", token: Tokens.all.text, tls: tls, phone.options)
            #expect(served.answer?.status == 200)
            let withoutToken = try await scene.curl.run("/traffic", tls: tls, phone.options)
            #expect(withoutToken.answer?.status == 401)
            let lines = try await scene.gateway.process.first("two lines") { state -> [Substring]? in
                let lines = state.outputText.split(separator: "\n")
                return lines.count == 2 ? lines : nil
            }
            for line in lines { #expect(line.hasSuffix(#","certificate":"CN=phone,O=Example"}"#)) }
        }
    }

    @Test("who shows none or a strangers gets no answer", arguments: Curl.TLS.allCases)
    func whoShowsNoneOrAStrangersGetsNoAnswer(tls: Curl.TLS) async throws {
        let phone = try await CallerIdentity.make("phone")
        let stranger = try await CallerIdentity.make("phone")
        let further = "clientCertificates: {authority: \(phone.certificate)}"
        try await Scene.play(Scene.Setting(further: further)) { scene in
            for options in [[], stranger.options] {
                let outcome = try await scene.curl.run("/traffic", token: Tokens.all.text, tls: tls, options)
                #expect(outcome.answer == nil && outcome.exitCode != 0)
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("where it is optional a token is enough and a strangers certificate is not")
    func whereItIsOptionalATokenIsEnoughAndAStrangersCertificateIsNot() async throws {
        let phone = try await CallerIdentity.make("phone")
        let stranger = try await CallerIdentity.make("stranger")
        let further = "clientCertificates: {authority: \(phone.certificate), required: false}"
        try await Scene.play(Scene.Setting(further: further)) { scene in
            #expect(try await scene.curl.get("/traffic", token: Tokens.all.text).status == 200)
            let refused = try await scene.curl.run("/traffic", token: Tokens.all.text, stranger.options)
            #expect(refused.answer == nil)
        }
    }
}
