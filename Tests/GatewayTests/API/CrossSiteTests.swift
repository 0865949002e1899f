import Foundation
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("A page of another site, with a password that the browser keeps", .timeLimit(.minutes(5)))
struct CrossSiteTests {
    private static let panel = "https://panel.example"
    private static let basic = "Authorization: Basic " + Data("any:\(APIBench.token)".utf8).base64EncodedString()

    private static func ask(
        _ bench: APIBench,
        _ request: String,
        _ authorization: String = basic,
        site: String?,
        origin: String = "https://evil.example"
    ) async -> Int {
        let fields = [authorization, "Origin: \(origin)"] + (site.map { ["Sec-Fetch-Site: \($0)"] } ?? [])
        return await bench.ask(request, token: nil, fields: fields, body: #"["wang"]"#).status
    }

    @Test("neither clears nor kicks", arguments: ["cross-site", "same-site"])
    func refused(site: String) async throws {
        try await APIBench.with(origins: .all) { bench in
            #expect(await Self.ask(bench, "GET /traffic?clear=1", site: site) == 403)
            #expect(await Self.ask(bench, "POST /kick", site: site) == 403)
            #expect(await bench.hysteria.requests.isEmpty)
            // It cannot read the answer, and nothing has changed.
            #expect(await Self.ask(bench, "GET /traffic", site: site) == 200)
        }
    }

    @Test("does where it shows a token itself, and where the operator names it")
    func trusted() async throws {
        try await APIBench.with(origins: AllowedOrigins([Self.panel])) { bench in
            let bearer = "Authorization: Bearer \(APIBench.token)"
            for request in ["GET /traffic?clear=1", "POST /kick"] {
                #expect(await Self.ask(bench, request, bearer, site: "cross-site") == 200)
                #expect(await Self.ask(bench, request, site: "cross-site", origin: Self.panel) == 200)
                #expect(await Self.ask(bench, request, site: "cross-site") == 403)
            }
        }
    }

    @Test("is not meant where no browser says so, or where nobody else asks", arguments: [nil, "same-origin", "none"])
    func own(site: String?) async throws {
        try await APIBench.with { bench in
            #expect(await Self.ask(bench, "GET /traffic?clear=1", site: site) == 200)
            #expect(await Self.ask(bench, "POST /kick", site: site) == 200)
        }
    }
}
