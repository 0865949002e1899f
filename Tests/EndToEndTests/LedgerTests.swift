import Foundation
import HysteriaSimulator
import Testing

@testable import Access

/// Totals that last, and each consumer's own counters, over the built program.
@Suite(.startsPrograms)
struct LedgerTests {
    private static let limited = NewToken()
    private static let subscriber = NewToken()
    private static let historian = NewToken()

    /// A gateway with a ledger, and further tokens.
    private static func setting(_ folder: TemporaryFolder, _ more: String = "") -> Scene.Setting {
        var setting = Scene.Setting()
        setting.further = """
            ledger: {file: \(folder.path(of: "ledger.sqlite")), read: 60s, timeZone: UTC, server: vps}
            quotas: [{users: [wang], bytes: 10kB}]
            accessLog: json
            \(more)
            """
        setting.furtherTokens = """
              - {name: limited, hash: "\(limited.digest.text)", scopes: [traffic, clear], users: [wang]}
              - {name: subscriber, hash: "\(subscriber.digest.text)", scopes: [subscription], users: [wang]}
              - {name: historian, hash: "\(historian.digest.text)", scopes: [usage, traffic]}
            """
        return setting
    }

    @Test("a clear clears what its token sees, and nobody else's counters")
    func views() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            let first = try await scene.curl.get("/traffic?clear=1", token: Tokens.clearer.text)
            #expect(first.text.contains(#""wang":{"tx":514,"rx":4017}"#))
            #expect(try await scene.curl.get("/traffic", token: Tokens.clearer.text).text == "{}")
            // Another token, and one without the scope, see what they saw before.
            #expect(try await scene.curl.get("/traffic", token: Tokens.all.text).text == first.text)
            #expect(try await scene.curl.get("/traffic", token: Tokens.reader.text).text == first.text)
            #expect(await scene.hysteria.requests.allSatisfy { !$0.contains("clear") })
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 2))
            #expect(
                try await scene.curl.get("/traffic?clear=1", token: Tokens.clearer.text).text
                    == #"{"wang":{"tx":1,"rx":2}}"#
            )
            let view = try await scene.curl.get("/view", token: Tokens.clearer.text)
            #expect(view.text.contains(#""verdict":"delivered""#))
        }
    }

    @Test("a token for some users clears their figures alone")
    func limitedClear() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            let token = Self.limited.text
            let first = try await scene.curl.get("/traffic?clear=1", token: token)
            #expect(first.text == #"{"wang":{"tx":514,"rx":4017}}"#)
            let second = try await scene.curl.get("/traffic?clear=1", token: token)
            #expect(second.text == "{}")
        }
    }

    @Test("the same Idempotency-Key gets the same figures, and clears once")
    func idempotencyKey() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            func clear(_ key: String) async throws -> String {
                try await scene.curl.get(
                    "/traffic?clear=1",
                    token: Tokens.clearer.text,
                    "--header",
                    "Idempotency-Key: \(key)"
                ).text
            }
            let first = try await clear("2026-11")
            #expect(first.contains("wang"))
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 5, rx: 6))
            #expect(try await clear("2026-11") == first)
            #expect(try await clear("2026-12") == #"{"wang":{"tx":5,"rx":6}}"#)
        }
    }

    @Test("a cursor gives the same until the next one is asked for")
    func cursor() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            func since(_ cursor: String) async throws -> (text: String, next: String) {
                let answer = try await scene.curl.get("/traffic?since=\(cursor)", token: Tokens.clearer.text)
                let link = try #require(answer["link"])
                return (answer.text, String(try #require(link.firstMatch(of: /since=(\d+)/)).1))
            }
            let first = try await since("0")
            #expect(first.text.contains("wang"))
            #expect(try await since("0") == first)
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 7, rx: 8))
            let second = try await since(first.next)
            #expect(second.text == #"{"wang":{"tx":7,"rx":8}}"#)
            let gone = try await scene.curl.get("/traffic?since=12345", token: Tokens.clearer.text)
            #expect(gone.status == 410)
            #expect(gone.problem == "cursor-gone")
        }
    }

    @Test("history, users and the quota are told in each form")
    func history() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            // The first reading is what was there before; what comes now is history.
            _ = try await scene.curl.get("/usage", token: Self.historian.text)
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 100, rx: 2_000))
            let usage = try await scene.curl.get("/usage?by=total&user=wang", token: Self.historian.text)
            #expect(usage.text.contains(#""user":"wang","tx":100,"rx":2000"#))
            #expect(usage.text.contains(#""quota":10000"#))
            let csv = try await scene.curl.get("/usage?format=csv&by=total", token: Self.historian.text)
            #expect(csv.text.hasPrefix("server,user,start,end,tx,rx,estimated\r\nvps,wang,"))
            let users = try await scene.curl.get("/users", token: Tokens.all.text)
            #expect(users.text.contains(#""user":"wang""#))
            #expect(users.text.contains(#""quota":10000"#))
            #expect(try await scene.curl.get("/users?format=text", token: Tokens.all.text).text.contains("wang"))
            #expect(try await scene.curl.get("/usage", token: Tokens.reader.text).status == 403)
            let range = try await scene.curl.get("/usage?from=tomorrow", token: Self.historian.text)
            #expect(range.problem == "usage-range")
        }
    }

    @Test("a subscription's token opens its own path and nothing else, and stands in no log")
    func subscription() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            let token = Self.subscriber.text
            let answer = try await scene.curl.get("/sub/\(token)")
            #expect(answer.status == 200)
            let info = try #require(answer["subscription-userinfo"])
            #expect(info.contains(/^upload=\d+; download=\d+; total=10000; expire=0$/))
            let head = try await scene.curl.get("/sub/\(token)", "--head")
            #expect(head["subscription-userinfo"] == info)
            #expect(try await scene.curl.get("/traffic", token: token).status == 403)
            #expect(try await scene.curl.get("/sub/\(NewToken().text)").status == 401)
            #expect(try await scene.curl.get("/sub/\(Tokens.all.text)").status == 403)
            let end = try await scene.gateway.stop()
            #expect(!end.outputText.contains(token))
            #expect(end.outputText.contains("/sub/"))
        }
    }

    @Test("totals go on where Hysteria's counters begin anew, and through a restart of the gateway")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let setting = Self.setting(folder)
        try await Scene.play(setting) { scene in
            _ = try await scene.curl.get("/usage", token: Self.historian.text)
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 1_000, rx: 0))
            let before = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(before.text.contains(#"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 1514"#))
            let end = try await scene.gateway.stop()
            #expect(end.ending == .exit(0))
            let again = try await GatewayProcess.start(configuration: scene.folder.path(of: "config.yaml"))
            let curl = Curl(certificate: scene.folder.path(of: "certificate.pem"), port: again.port)
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 0))
            let after = try await curl.get("/metrics", token: Tokens.all.text)
            #expect(after.text.contains(#"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 1515"#))
            #expect(after.text.contains("hysteria_gateway_ledger_durable 1"))
            #expect(try await again.stop().ending == .exit(0))
        }
    }

    @Test("a second gateway on the same file does not start")
    func locked() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            let second = try await ChildProcess(
                BuiltProgram.path,
                ["serve", "--config", scene.folder.path(of: "config.yaml")]
            ).end()
            #expect(second.ending == .exit(69))
            #expect(second.errorText.contains("ledger.sqlite"))
            let export = try await ChildProcess(
                BuiltProgram.path,
                ["ledger", "export", "--file", folder.path(of: "ledger.sqlite")]
            ).end()
            #expect(export.ending == .exit(69))
        }
    }

    @Test("the gateway that takes over goes on with the same file")
    func handover() async throws {
        let folder = try TemporaryFolder()
        var setting = Self.setting(folder)
        setting.options = ["--handover", folder.path(of: "handover")]
        try await Scene.play(setting) { [setting] scene in
            _ = try await scene.curl.get("/traffic?clear=1", token: Tokens.clearer.text)
            let text = try String(contentsOfFile: scene.folder.path(of: "config.yaml"), encoding: .utf8)
            let path = try scene.folder.write(
                text.replacing("\"127.0.0.1:0\"", with: "\"127.0.0.1:\(scene.gateway.port)\""),
                to: "successor.yaml"
            )
            let successor = try await GatewayProcess.start(
                configuration: path,
                options: setting.options + ["--take-over"]
            )
            #expect(try await scene.gateway.process.end().ending == .exit(0))
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 3, rx: 4))
            #expect(
                try await scene.curl.get("/traffic?clear=1", token: Tokens.clearer.text).text
                    == #"{"wang":{"tx":3,"rx":4}}"#
            )
            #expect(successor.count("without its ledger") == 0)
            #expect(try await successor.stop().ending == .exit(0))
        }
    }
}
