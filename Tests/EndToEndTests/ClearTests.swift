import Foundation
import HysteriaSimulator
import HysteriaStats
import OwnHosts
import Testing

/// Counters that are cleared are gone from Hysteria: they reach the caller, or the log.
@Suite(.startsPrograms)
struct ClearTests {
    private static let clear = """
        GET /traffic?clear=1 HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(Tokens.all.text)\r
        \r

        """

    @Test("clear reaches Hysteria once")
    func clearReachesHysteriaOnce() async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/traffic?clear=1", token: Tokens.clearer.text)
            #expect(answer.status == 200)
            #expect(await scene.hysteria.requests == ["GET /traffic?clear=1"])
        }
    }

    @Test("clears at once are not joined")
    func clearsAtOnceAreNotJoined() async throws {
        try await Scene.play { scene in
            let clients = try await withThrowingTaskGroup(of: SocketClient.self) { tasks in
                for _ in 0..<8 { tasks.addTask { try await .tls(to: scene.gateway.port) } }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            scene.gate.close()
            for client in clients { try await client.send(Self.clear) }
            scene.gate.open()
            var withFigures = 0
            for client in clients {
                let answer = try #require(try await client.answers(1).first)
                #expect(answer.status == 200)
                if answer.text.contains("wang") { withFigures += 1 }
            }
            #expect(withFigures == 1)
            #expect(await scene.hysteria.requests.count == 8)
        }
    }

    @Test("figures of a caller cut off behind its request are logged", arguments: [true, false])
    func figuresOfACallerCutOffBehindItsRequestAreLogged(saysGoodbye: Bool) async throws {
        try await Scene.play { scene in
            scene.gate.close()
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.send(Self.clear)
            if saysGoodbye {
                try await client.close()
            } else {
                try await client.endOutputWithoutGoodbye()
            }
            try await client.end()
            scene.gate.open()

            let line = try await scene.gateway.log("the counters were cleared")
            #expect(line.contains(" error "))
            #expect(line.contains(#""wang":{"tx":514,"rx":4017}"#))
            #expect(line.contains("token=all"))
            #expect(await scene.hysteria.requests == ["GET /traffic?clear=1"])
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(answer.text == "{}")
        }
    }

    @Test("figures of a caller that dies while reading are logged")
    func figuresOfACallerThatDiesWhileReadingAreLogged() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .large(bytes: 8 << 20))
            let client = try await SocketClient.tls(to: scene.gateway.port, receiveBuffer: 4096)
            try await client.reads(false)
            try await client.send(Self.clear)
            try await client.readOnce()
            try await client.reset()
            let line = try await scene.gateway.log("the counters were cleared")
            #expect(line.utf8.count > 8 << 20)
            #expect(await scene.hysteria.requests == ["GET /traffic?clear=1"])
        }
    }

    @Test(
        "an answer that Hysteria loses is not asked for again",
        arguments: [
            SimulatorFault.dropBeforeAnswer, .dropInHead, .dropInBody, .garbage, .notJSON, .lengthTooLarge(by: 10),
        ]
    )
    func anAnswerThatHysteriaLosesIsNotAskedForAgain(fault: SimulatorFault) async throws {
        var setting = Scene.Setting()
        setting.timeout = "1s"
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: fault)
            let answer = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text)
            #expect([502, 504].contains(answer.status))
            #expect(answer.problem == "answer-lost")
            try await scene.gateway.log(" error ", "lost", "traffic clearing")
            await scene.hysteria.set(fault: nil)
            #expect(await scene.hysteria.requests == ["GET /traffic?clear=1"])
            let next = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(next.text == "{}")
        }
    }

    @Test("figures of a clear that timed out are logged and counted")
    func figuresOfAClearThatTimedOutAreLoggedAndCounted() async throws {
        var setting = Scene.Setting()
        setting.timeout = "1s"
        try await Scene.play(setting) { scene in
            let before = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(before.text.contains(#"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 514"#))
            await scene.hysteria.logTraffic(user: "wang", tx: 100, rx: 0)
            scene.gate.close()
            let answer = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text)
            #expect(answer.status == 504)
            #expect(answer.problem == "answer-lost")
            let told = try await scene.gateway.log(" error ", "did not answer within 1000 ms")
            #expect(told.contains("still waited for"))
            scene.gate.open()

            let line = try await scene.gateway.log("the counters were cleared")
            #expect(line.contains(#""wang":{"tx":614,"rx":4017}"#))
            #expect(line.contains("token=all"))
            #expect(await scene.hysteria.requests.count { $0.contains("clear") } == 1)
            await scene.hysteria.logTraffic(user: "wang", tx: 700, rx: 9_000)
            let after = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(after.text.contains(#"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 1314"#))
        }
    }

    @Test("a stop waits for the figures of a clear that timed out")
    func aStopWaitsForTheFiguresOfAClearThatTimedOut() async throws {
        var setting = Scene.Setting()
        setting.timeout = "1s"
        try await Scene.play(setting) { scene in
            scene.gate.close()
            #expect(try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text).status == 504)
            scene.gateway.process.send(SIGTERM)
            try await scene.gateway.log("draining")
            scene.gate.open()
            let end = try await scene.gateway.process.end()
            #expect(end.errorText.contains(#""wang":{"tx":514,"rx":4017}"#))
        }
    }

    @Test("what came of an answer that was cut is logged")
    func whatCameOfAnAnswerThatWasCutIsLogged() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .dropInBody)
            let answer = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text)
            #expect(answer.problem == "answer-lost")
            let line = try await scene.gateway.log("the counters were cleared")
            #expect(line.contains(#""tx":1048576"#))
        }
    }

    @Test("a clear that cannot have arrived loses nothing")
    func aClearThatCannotHaveArrivedLosesNothing() async throws {
        try await Scene.play { scene in
            await scene.hysteria.vanish()
            let answer = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text)
            #expect(answer.status == 502)
            #expect(answer.problem == "upstream-unreachable")
            #expect(!scene.gateway.process.state.errorText.contains("lost"))
        }
    }

    @Test("a clear behind others on the same connection is answered in turn")
    func aClearBehindOthersOnTheSameConnectionIsAnsweredInTurn() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            let traffic = Self.clear.replacing("?clear=1", with: "")
            try await client.send(traffic + Self.clear + traffic)
            let answers = try await client.answers(3)
            #expect(answers[0].body == answers[1].body)
            #expect(answers[2].text == "{}")
            #expect(await scene.hysteria.requests == ["GET /traffic", "GET /traffic?clear=1", "GET /traffic"])
        }
    }
}
