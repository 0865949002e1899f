import Foundation
import HysteriaSimulator
import HysteriaStats
import Testing

/// Nothing that the gateway prints tells a secret. ``Scene/play(_:sourceLocation:_:)`` looks for them after every test;
/// these provoke as much printing as they can.
@Suite(.startsPrograms)
struct SecrecyTests {
    @Test("no secret is printed at any level", arguments: ["text", "json"])
    func noSecretIsPrintedAtAnyLevel(accessLog: String) async throws {
        var setting = Scene.Setting()
        setting.redirects = true
        setting.timeout = "1s"
        setting.further = "logLevel: trace\naccessLog: \(accessLog)"
        try await Scene.play(setting) { scene in
            let token = Tokens.all.text
            let plain = "http://127.0.0.1:\(scene.gateway.ports[1])"
            for path in [
                "/traffic", "/traffic?token=\(token)", "/\(token)", "/\(Scene.secret)", "/traffic/\(Scene.secret)",
                "/nothing?\(token)=\(token)",
                "/?access_token=\(token)&clear",
            ] {
                _ = try await scene.curl.get(path, token: token, "--user-agent", "phone \(token)")
                _ = try await scene.curl.get(path, "--user", "\(token):\(token)", "--referer", token)
                _ = try await Curl.run(plain + path, ["--header", "Authorization: Bearer \(token)"])
            }
            _ = try await scene.curl.get("/traffic", "--request", token)
            _ = try await scene.curl.get("/traffic", token: "\(token)x")
            _ = try await scene.curl.get("/kick", token: token, "--data", "[\"\(token)\"")
            for request in ["\(token)\r\n\r\n", "GET /\(token) HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\(token)\r\n\r\n"]
            {
                _ = try await SocketClient.tls(to: scene.gateway.port).answer(to: request)
            }
            for fault in [SimulatorFault.status(401), .garbage, .dropInBody, .stall, .notJSON] {
                await scene.hysteria.set(fault: fault)
                _ = try await scene.curl.get("/traffic", token: token)
                _ = try await scene.curl.get("/traffic?clear=1", token: token)
            }
            let end = try await scene.gateway.stop()
            #expect(end.ending == .exit(0))
            #expect(end.outputText.contains("hg_***"))
            let basic = Data("\(token):\(token)".utf8).base64EncodedString()
            #expect(!end.outputText.contains(basic))
            #expect(!end.errorText.contains(basic))
        }
    }

    @Test("no answer tells a secret")
    func noAnswerTellsASecret() async throws {
        try await Scene.play { scene in
            for path in ["/traffic", "/nothing", "/kick", "/?format=\(Tokens.stranger.text)"] {
                let answer = try await scene.curl.get(path, token: Tokens.stranger.text)
                let all = answer.fields.map { "\($0.name): \($0.value)" }.joined() + answer.text
                #expect(!all.contains(Scene.secret))
                #expect(!all.contains(Tokens.stranger.text))
            }
        }
    }

    @Test("the access log has a line for each request")
    func theAccessLogHasALineForEachRequest() async throws {
        var setting = Scene.Setting()
        // Each event loop hands over its own lines.
        setting.threads = 1
        try await Scene.play(setting) { scene in
            _ = try await scene.curl.get("/traffic?x=1", token: Tokens.all.text, "--user-agent", "a \"quoted\" agent")
            _ = try await scene.curl.get("/nothing", token: Tokens.stranger.text)
            _ = try await SocketClient.tls(to: scene.gateway.port).answer(to: "nonsense\r\n\r\n")
            let end = try await scene.gateway.stop()
            let lines = end.outputText.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(
                lines[0].contains(
                    #/^127\.0\.0\.1 - all \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /traffic\?x=\*{3} HTTP/1\.1" 200 /#
                )
            )
            #expect(lines[0].contains(#""a \x22quoted\x22 agent""#))
            #expect(lines[1].contains(#" - - ["#))
            #expect(lines[1].contains(#""GET /nothing HTTP/1.1" 404 "#))
            #expect(lines[2].contains(#""" 400 "#))
        }
    }

    @Test("the access log in JSON is one object a line")
    func theAccessLogInJSONIsOneObjectALine() async throws {
        var setting = Scene.Setting()
        setting.further = "accessLog: json"
        try await Scene.play(setting) { scene in
            _ = try await scene.curl.get("/traffic", token: Tokens.wang.text, "--user-agent", "a \"quoted\" agent")
            let end = try await scene.gateway.stop()
            let line = try #require(end.outputText.split(separator: "\n").first)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["token"] as? String == "wang")
            #expect(object["status"] as? Int == 200)
            #expect(object["target"] as? String == "/traffic")
            #expect(object["address"] as? String == "127.0.0.1")
        }
    }

    @Test("no access log is written where none is wanted")
    func noAccessLogIsWrittenWhereNoneIsWanted() async throws {
        var setting = Scene.Setting()
        setting.further = "accessLog: none"
        try await Scene.play(setting) { scene in
            _ = try await scene.curl.get("/traffic", token: Tokens.all.text)
            let end = try await scene.gateway.stop()
            #expect(end.output.isEmpty)
        }
    }
}
