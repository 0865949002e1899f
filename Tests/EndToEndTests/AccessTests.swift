import Foundation
import Testing

/// Who gets in, and what they get to see.
@Suite(.startsPrograms)
struct AccessTests {
    @Test("whoever is unknown gets the same401", arguments: Curl.TLS.allCases)
    func whoeverIsUnknownGetsTheSame401(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let credentials: [[String]] = [
                [],
                ["--header", "Authorization: Bearer \(Tokens.stranger.text)"],
                ["--header", "Authorization: Bearer \(Tokens.expired.text)"],
                ["--header", "Authorization: Bearer \(Tokens.all.text)x"],
                ["--header", "Authorization: Bearer \(Tokens.all.text.dropLast())"],
                ["--header", "Authorization: Bearer "],
                ["--header", "Authorization: Bearer \(String(repeating: "x", count: 4000))"],
                ["--header", "Authorization: \(Tokens.stranger.text)"],
                ["--header", "Authorization: \(Scene.secret)"],
                ["--header", "Authorization: Basic !!!"],
                ["--header", "Authorization: Negotiate \(Tokens.all.text)"],
                ["--user", "\(Tokens.stranger.text):"],
                ["--user", "phone:\(Tokens.stranger.text)"],
            ]
            var bodies: Set<[UInt8]> = []
            for (index, credential) in credentials.enumerated() {
                // Each from an address of its own, since failed attempts are throttled by address.
                let origin = ["--interface", "127.0.1.\(index + 1)"]
                let outcome = try await scene.curl.run("/traffic", tls: tls, credential + origin)
                let answer = try #require(outcome.answer)
                #expect(answer.status == 401)
                #expect(answer.problem == "unauthorized")
                #expect(
                    answer.values(of: "www-authenticate") == [
                        #"Bearer realm="hysteria-gateway""#, #"Basic realm="hysteria-gateway", charset="UTF-8""#,
                    ]
                )
                bodies.insert(answer.body)
            }
            #expect(bodies.count == 1)
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("basic takes any name and the token as password")
    func basicTakesAnyNameAndTheTokenAsPassword() async throws {
        try await Scene.play { scene in
            for name in ["phone", "", "a b", "ünï"] {
                let answer = try await scene.curl.get("/traffic", "--user", "\(name):\(Tokens.all.text)")
                #expect(answer.status == 200, "\(name)")
            }
        }
    }

    @Test("programs made for Hysteria and people at forms get in as well")
    func programsMadeForHysteriaAndPeopleAtFormsGetInAsWell() async throws {
        try await Scene.play { scene in
            for credential in [
                ["--header", "Authorization: \(Tokens.all.text)"], ["--user", "\(Tokens.all.text):"],
                ["--user", "\(Tokens.all.text):x"],
            ] {
                let outcome = try await scene.curl.run("/traffic", credential)
                #expect(outcome.answer?.status == 200)
            }
        }
    }

    @Test("a token does what its scopes say and nothing else")
    func aTokenDoesWhatItsScopesSayAndNothingElse() async throws {
        try await Scene.play { scene in
            for (path, missing) in [
                ("/dump/streams", "streams"), ("/traffic?clear=1", "clear"), ("/traffic?%63lear=%31", "clear"),
            ] {
                let answer = try await scene.curl.get(path, token: Tokens.reader.text)
                #expect(answer.status == 403)
                #expect(answer.problem == "forbidden")
                #expect(answer.text.contains(missing))
            }
            let kick = try await scene.curl.get("/kick", token: Tokens.reader.text, "--data", #"["wang"]"#)
            #expect(kick.status == 403)
            let online = try await scene.curl.get("/online", token: Tokens.clearer.text)
            #expect(online.status == 403)
            #expect(await scene.hysteria.requests.isEmpty)
            for path in ["/", "/traffic", "/online"] {
                let answer = try await scene.curl.get(path, token: Tokens.reader.text)
                #expect(answer.status == 200)
            }
        }
    }

    @Test("a token limited to users sees them alone")
    func aTokenLimitedToUsersSeesThemAlone() async throws {
        try await Scene.play { scene in
            let traffic = try await scene.curl.get("/traffic", token: Tokens.wang.text)
            #expect(traffic.text == #"{"wang":{"tx":514,"rx":4017}}"#)
            let online = try await scene.curl.get("/online", token: Tokens.wang.text)
            #expect(online.text == #"{"wang":1}"#)
            let summary = try await scene.curl.get("/", token: Tokens.wang.text)
            #expect(summary.text.hasPrefix("1 user, 4.42 KiB in all"))
            let table = try await scene.curl.get("/traffic?format=text", token: Tokens.wang.text)
            #expect(table.text.contains("wang"))
            #expect(!table.text.contains("anna"))
        }
    }

    @Test("a token limited to users sees their streams alone")
    func aTokenLimitedToUsersSeesTheirStreamsAlone() async throws {
        var setting = Scene.Setting.withStreams
        setting.users = setting.users.map { user in
            var user = user
            user.uploadRate = max(1000, user.uploadRate)
            return user
        }
        try await Scene.play(setting) { scene in
            let all = try await scene.curl.get("/dump/streams", token: Tokens.all.text)
            #expect(all.text.contains(#""auth":"anna""#))
            let answer = try await scene.curl.get("/dump/streams", token: Tokens.wang.text)
            #expect(answer.text.contains(#""auth":"wang""#))
            #expect(answer.text.matches(of: /"auth":"([^"]*)"/).allSatisfy { $0.1 == "wang" })
            let table = try await scene.curl.get("/dump/streams?format=text", token: Tokens.wang.text)
            #expect(!table.text.contains("anna"))
        }
    }

    @Test("a token limited to users kicks them alone")
    func aTokenLimitedToUsersKicksThemAlone() async throws {
        try await Scene.play { scene in
            for body in [#"["anna"]"#, #"["wang","anna"]"#, #"["wang","\u0061nna"]"#] {
                let answer = try await scene.curl.get("/kick", token: Tokens.wang.text, "--data", body)
                #expect(answer.status == 403)
            }
            #expect(await scene.hysteria.requests.isEmpty)
            let answer = try await scene.curl.get("/kick", token: Tokens.wang.text, "--data", #"["wang"]"#)
            #expect(answer.status == 200)
            #expect(await !scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 1))
        }
    }

    @Test("no path tells a stranger what exists behind it")
    func noPathTellsAStrangerWhatExistsBehindIt() async throws {
        try await Scene.play { scene in
            let unknown = try await scene.curl.get("/traffic?clear=1")
            #expect(unknown.status == 401)
            let other = try await scene.curl.get("/traffic", token: Tokens.stranger.text)
            #expect(other.body == unknown.body)
        }
    }
}
