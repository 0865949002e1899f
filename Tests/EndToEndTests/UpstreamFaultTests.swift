import Foundation
import HysteriaSimulator
import HysteriaStats
import OwnHosts
import Testing

/// Whatever is wrong with Hysteria, callers are told, the operator is told, and the next caller is served.
@Suite(.startsPrograms)
struct UpstreamFaultTests {
    /// A fault and what is to come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: SimulatorFault
        let status: Int
        let problem: String
        /// A part of the line in the log.
        let log: String

        var testDescription: String { "\(fault)" }
    }

    private static let cases = [
        Case(fault: .dropBeforeAnswer, status: 502, problem: "upstream-failed", log: "closed the connection before"),
        Case(fault: .dropInHead, status: 502, problem: "upstream-failed", log: "closed the connection before"),
        Case(fault: .dropInBody, status: 502, problem: "upstream-failed", log: "closed the connection before"),
        Case(fault: .lengthTooSmall(by: 3), status: 502, problem: "upstream-failed", log: "cannot be used"),
        Case(fault: .garbage, status: 502, problem: "upstream-failed", log: "cannot be used"),
        Case(fault: .notJSON, status: 502, problem: "upstream-failed", log: "cannot be used"),
        Case(fault: .status(401), status: 502, problem: "upstream-failed", log: "trafficStats.secret"),
        Case(fault: .status(404), status: 502, problem: "upstream-failed", log: "status 404"),
        Case(fault: .status(500), status: 502, problem: "upstream-failed", log: "status 500"),
        Case(fault: .status(204), status: 502, problem: "upstream-failed", log: "status 204"),
        Case(fault: .status(302), status: 502, problem: "upstream-failed", log: "status 302"),
        Case(fault: .stall, status: 504, problem: "upstream-timeout", log: "did not answer within 1000 ms"),
        Case(fault: .lengthTooLarge(by: 3), status: 504, problem: "upstream-timeout", log: "did not answer within"),
    ]

    @Test("a fault is told and passes", arguments: cases)
    func aFaultIsToldAndPasses(_ expected: Case) async throws {
        var setting = Scene.Setting()
        setting.timeout = "1s"
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: expected.fault)
            for path in ["/traffic", "/online"] {
                let answer = try await scene.curl.get(path, token: Tokens.all.text)
                #expect(answer.status == expected.status)
                #expect(answer.problem == expected.problem)
                // Where Hysteria listens is nobody's business.
                #expect(!answer.text.contains("\(scene.hysteria.address.port)"))
            }
            let line = try await scene.gateway.log(" error ", expected.log)
            #expect(line.contains("\(scene.hysteria.address)"))

            await scene.hysteria.set(fault: nil)
            let next = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(next.status == 200)
            #expect(next.text.contains("wang"))
        }
    }

    @Test("a fault is told as text to who asks for text")
    func aFaultIsToldAsTextToWhoAsksForText() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .status(500))
            let answer = try await scene.curl.get("/", token: Tokens.all.text)
            #expect(answer.status == 502)
            #expect(answer["content-type"] == "text/plain; charset=utf-8")
            #expect(answer.text.hasPrefix("502 Bad Gateway: "))
            #expect(answer.text.split(separator: "\n").count == 1)
        }
    }

    @Test("an upstream that does not run is502 until it runs")
    func anUpstreamThatDoesNotRunIs502UntilItRuns() async throws {
        try await Scene.play { scene in
            await scene.hysteria.vanish()
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(answer.status == 502)
            #expect(answer.problem == "upstream-unreachable")
            try await scene.gateway.log(" error ", "cannot be reached", "trafficStats.listen")

            let again = try await HysteriaSimulator.start(
                .init(
                    secret: try Secret(Scene.secret),
                    users: [SimulatedUser(name: "wang", tx: 1, rx: 2)],
                    host: scene.hysteria.address.host,
                    port: scene.hysteria.address.port
                )
            )
            let next = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(next.text == #"{"wang":{"tx":1,"rx":2}}"#)
            try await scene.gateway.log(" notice ", "answers again")
            await again.shutDown()
        }
    }

    @Test("a secret saved before Hysteria is restarted counts from then on")
    func aSecretSavedBeforeHysteriaIsRestartedCountsFromThenOn() async throws {
        try await Scene.play { scene in
            let text = { try await scene.curl.get("/traffic", token: Tokens.all.text).text }
            #expect(try await text().contains("wang"))
            let new = "another-\(Scene.secret)"
            try scene.folder.write("\(new)\n", to: "secret")
            try await scene.gateway.log("reloaded")
            for _ in 0..<5 { #expect(try await text().contains("wang")) }
            let line = try await scene.gateway.log(" warning ", "as it was configured before", "restart")
            #expect(!line.contains(new) && !line.contains(Scene.secret))
            // What changes something is sent once, to the Hysteria that answers.
            let asked = await scene.hysteria.requests.count { $0 == "GET /traffic?clear=1" || $0 == "POST /kick" }
            #expect(asked == 0)
            #expect(try await scene.curl.get("/kick", token: Tokens.all.text, "--data", #"["wang"]"#).status == 200)
            #expect(try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text).text.contains("wang"))
            #expect(await scene.hysteria.requests.count { $0 == "GET /traffic?clear=1" } == 1)
            #expect(await scene.hysteria.requests.count { $0 == "POST /kick" } == 1)

            await scene.hysteria.vanish()
            let again = try await HysteriaSimulator.start(
                .init(
                    secret: try Secret(new),
                    users: [SimulatedUser(name: "restarted", tx: 1, rx: 2)],
                    host: scene.hysteria.address.host,
                    port: scene.hysteria.address.port
                )
            )
            #expect(try await text() == #"{"restarted":{"tx":1,"rx":2}}"#)
            try await scene.gateway.log(" notice ", "answers as it is configured now")
            #expect(try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text).status == 200)
            #expect(await again.requests.count { $0.contains("clear") } == 1)
            #expect(scene.gateway.count(" error ") == 0)
            await again.shutDown()
        }
    }

    @Test("a port saved before Hysteria is restarted counts from then on")
    func aPortSavedBeforeHysteriaIsRestartedCountsFromThenOn() async throws {
        try await Scene.play { scene in
            let next = try await HysteriaSimulator.start(
                .init(secret: try Secret(Scene.secret), host: scene.hysteria.address.host)
            )
            await next.vanish()
            let path = scene.folder.path(of: "config.yaml")
            let configuration = try String(contentsOfFile: path, encoding: .utf8)
            try scene.folder.write(
                configuration.replacing("\(scene.hysteria.address)", with: "\(next.address)"),
                to: "config.yaml"
            )
            try await scene.gateway.reload()
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(answer.text.contains("wang"))
            try await scene.gateway.log(" warning ", "as it was configured before", "cannot be reached")
            await scene.hysteria.vanish()
            // Both are gone: what is configured is what the operator hears of.
            let gone = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text)
            #expect(gone.problem == "upstream-unreachable")
            let line = try await scene.gateway.log(" error ", "cannot be reached")
            #expect(line.contains("\(next.address)"))
            #expect(line.contains("next restart"))
        }
    }

    @Test("a wrong secret is told to the operator alone")
    func aWrongSecretIsToldToTheOperatorAlone() async throws {
        var setting = Scene.Setting()
        setting.secret = "not-the-secret-\(Scene.secret.reversed())"
        try await Scene.play(setting) { [secret = setting.secret ?? ""] scene in
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(answer.status == 502)
            #expect(answer.problem == "upstream-failed")
            #expect(!answer.text.contains("secret"))
            let line = try await scene.gateway.log(" error ", "refused the secret")
            #expect(line.contains("trafficStats.secret"))
            #expect(!line.contains(secret))
        }
    }

    @Test("a restart of Hysteria goes unnoticed")
    func aRestartOfHysteriaGoesUnnoticed() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            let request = """
                GET /traffic HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer \(Tokens.all.text)\r
                \r

                """
            for count in 1...3 {
                try await client.send(request)
                #expect(try await client.answers(count).last?.status == 200)
                await scene.hysteria.closeConnections()
            }
            #expect(!scene.gateway.process.state.errorText.contains(" error "))
        }
    }

    @Test("an upstream that closes behind each answer is served from")
    func anUpstreamThatClosesBehindEachAnswerIsServedFrom() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .closeAfterAnswer)
            for _ in 0..<5 {
                let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
                #expect(answer.status == 200)
            }
        }
    }

    @Test("an answer without end is given up")
    func anAnswerWithoutEndIsGivenUp() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .endless)
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(answer.status == 502)
            #expect(answer.problem == "upstream-failed")
            try await scene.gateway.log(" error ", "larger than the limit of 67108864 bytes")
            await scene.hysteria.set(fault: nil)
            let next = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(next.status == 200)
        }
    }

    @Test("kick that Hysteria may have done is not sent again")
    func kickThatHysteriaMayHaveDoneIsNotSentAgain() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .dropBeforeAnswer)
            let answer = try await scene.curl.get("/kick", token: Tokens.all.text, "--data", #"["wang"]"#)
            #expect(answer.status == 502)
            #expect(answer.problem == "answer-lost")
            #expect(await scene.hysteria.requests == ["POST /kick"])
        }
    }
}
