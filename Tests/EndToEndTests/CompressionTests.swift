import Foundation
import HysteriaSimulator
import Testing

/// Answers that travel compressed, and answers that do not travel again, over both versions of HTTP.
@Suite(.startsPrograms)
struct CompressionTests {
    private static let versions = ["--http1.1", "--http2"]
    private static let gzip = ["--header", "Accept-Encoding: gzip"]

    /// A gateway with so many users that their answer is compressed on another thread, and a ledger.
    private static func setting(_ folder: TemporaryFolder) -> Scene.Setting {
        var setting = Scene.Setting()
        setting.users = (0..<2_000).map {
            SimulatedUser(name: "user-\($0)", tx: UInt64($0) * 514, rx: UInt64($0) * 4_017)
        }
        setting.further = """
            ledger: {file: \(folder.path(of: "ledger.sqlite")), read: 60s, timeZone: UTC}
            accessLog: json
            """
        return setting
    }

    private static func answer(_ scene: Scene, _ path: String, _ options: [String]) async throws -> HTTPAnswer {
        try #require(try await scene.curl.run(path, token: Tokens.all.text, options).answer)
    }

    @Test("curl unpacks what it got", arguments: versions, ["/traffic", "/online?format=text", "/users", "/metrics"])
    func compressed(version: String, path: String) async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            let plain = try await scene.curl.get(path, token: Tokens.all.text, version)
            let packed = try await scene.curl.get(path, token: Tokens.all.text, version, "--compressed")
            #expect(packed["content-encoding"] == "gzip")
            #expect(packed["content-type"] == plain["content-type"])
            #expect(packed.values(of: "vary").joined().contains("Accept-Encoding"))
            #expect(packed.body.count > 20_000)
            // Metrics differ in each answer, and /users tells when it was asked.
            if path != "/metrics", path != "/users" { #expect(packed.body == plain.body) }
            let length = try #require(packed["content-length"].flatMap { Int($0) })
            #expect(length < packed.body.count / 2)
            let head = try await scene.curl.get(
                path,
                token: Tokens.all.text,
                version,
                "--head",
                Self.gzip[0],
                Self.gzip[1]
            )
            #expect(head["content-encoding"] == "gzip")
            #expect(head["vary"] == packed["vary"])
            if path == "/traffic" { #expect(head["content-length"] == "\(length)") }
            let end = try await scene.gateway.stop()
            // What goes out is what is logged.
            #expect(path != "/traffic" || end.outputText.contains(#""bytes":\#(length),"#), "\(end.outputText)")
        }
    }

    @Test("whoever has the answer gets 304 and no content, and the connection goes on", arguments: versions)
    func unchanged(version: String) async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            for coding in [[], Self.gzip] {
                let first = try await Self.answer(scene, "/traffic", [version] + coding)
                let tag = try #require(first["etag"])
                let ask = [version, "--header", "If-None-Match: \(tag)"] + coding
                for method in [[], ["--head"]] {
                    let second = try await Self.answer(scene, "/traffic", ask + method)
                    #expect(second.status == 304)
                    #expect(second.body.isEmpty)
                    #expect(second["etag"] == tag)
                    #expect(second["vary"] == first["vary"])
                    #expect(second["cache-control"] == "no-store")
                    #expect(second["content-length"] == nil)
                    #expect(second["content-type"] == nil)
                    #expect(second["date"] != nil)
                }
                // Twice on one connection: the second answer begins where the first ends.
                let url = "https://127.0.0.1:\(scene.gateway.port)/traffic"
                let both = try await scene.curl.run(
                    "/traffic",
                    token: Tokens.all.text,
                    ask + ["--output", "/dev/null", url, "--write-out", "%{stderr}%{http_code} %{num_connects};"]
                )
                #expect(both.complaint == "304 1;304 0;", "\(both.complaint)")
                #expect(await scene.hysteria.logTraffic(user: "user-7", tx: 1, rx: 0))
                let changed = try await Self.answer(scene, "/traffic", ask)
                #expect(changed.status == 200)
                #expect(changed["etag"] != tag)
            }
        }
    }

    @Test("a browser may keep the page, and asks whether it has changed", arguments: versions)
    func page(version: String) async throws {
        try await Scene.play { scene in
            for path in ["/?format=html", "/openapi.json"] {
                let page = try await scene.curl.get(path, version, "--compressed")
                #expect(page["cache-control"] == "no-cache")
                #expect(page["content-encoding"] == "gzip")
                let tag = try #require(page["etag"])
                let options = [version, "--compressed", "--header", "If-None-Match: \(tag)"]
                let again = try #require(try await scene.curl.run(path, options).answer)
                #expect(again.status == 304)
                #expect(again["cache-control"] == "no-cache")
                #expect(again.body.isEmpty)
            }
        }
    }

    @Test("a clear gives its figures to who says that it has everything")
    func clear() async throws {
        let folder = try TemporaryFolder()
        try await Scene.play(Self.setting(folder)) { scene in
            let answer = try await scene.curl.get(
                "/traffic?clear=1",
                token: Tokens.clearer.text,
                "--compressed",
                "--header",
                "If-None-Match: *"
            )
            #expect(answer.status == 200)
            #expect(answer["content-encoding"] == nil)
            #expect(answer["etag"] == nil)
            #expect(answer.text.contains("user-1999"))
        }
    }

    @Test("nothing that a caller writes comes back in an answer with figures")
    func reflection() async throws {
        let folder = try TemporaryFolder()
        let historian =
            "- {name: historian, token: \"historian-0123456789\", scopes: [usage, traffic, clear, online, metrics]}"
        var setting = Self.setting(folder)
        setting.furtherTokens = "  \(historian)\n"
        try await Scene.play(setting) { scene in
            let word = "zqxjkvbw"
            for path in ["/usage", "/users", "/traffic", "/view", "/online", "/metrics", "/", "/\(word)"] {
                for query in [
                    "user=\(word)", "user=user-7&user=\(word)", "from=\(word)", "by=\(word)", "since=\(word)", word,
                ] {
                    let answer = try #require(
                        try await scene.curl.run(
                            "\(path)?\(query)",
                            token: "historian-0123456789",
                            ["--user-agent", word, "--header", "Idempotency-Key: \(word)"]
                        ).answer
                    )
                    #expect(!answer.text.contains(word), "\(path)?\(query)")
                }
            }
        }
    }
}
