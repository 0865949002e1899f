import Testing

/// Many callers at once cost Hysteria little.
@Suite(.startsPrograms)
struct CoalescingTests {
    private static func request(_ path: String, _ token: String = Tokens.all.text) -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
    }

    @Test("reads at once share requests")
    func readsAtOnceShareRequests() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            let clients = try await connect(30, to: scene)
            scene.gate.close()
            for client in clients { try await client.send(Self.request("/traffic")) }
            // The event loop takes what has come before this one first: then all of them wait.
            let last = try await SocketClient.tls(to: scene.gateway.port)
            #expect(try await last.answer(to: Self.request("/healthz")).status == 200)
            scene.gate.open()
            for client in clients {
                let answer = try #require(try await client.answers(1).first)
                #expect(answer.status == 200)
                #expect(answer.text.contains(#""wang":{"tx":514,"rx":4017}"#))
            }
            // The fetch that was under way, and the next, which serves all who came since.
            #expect(await scene.hysteria.requests.count <= 2)
        }
    }

    @Test("an answer is never older than its request")
    func anAnswerIsNeverOlderThanItsRequest() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            let clients = try await connect(8, to: scene)
            for round in 1...20 {
                await scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 0)
                for client in clients { try await client.send(Self.request("/traffic")) }
                for client in clients {
                    let answer = try #require(try await client.answers(round).last)
                    #expect(answer.text.contains(#""wang":{"tx":\#(514 + round),"#))
                }
            }
        }
    }

    @Test("callers share a request and still see what they may")
    func callersShareARequestAndStillSeeWhatTheyMay() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            let clients = try await connect(4, to: scene)
            scene.gate.close()
            let calls = [
                Self.request("/traffic"), Self.request("/traffic", Tokens.wang.text),
                Self.request("/traffic?format=text"),
                Self.request("/", Tokens.wang.text),
            ]
            for (client, call) in zip(clients, calls) { try await client.send(call) }
            scene.gate.open()
            var answers: [String] = []
            for client in clients { answers.append(try #require(try await client.answers(1).first).text) }
            #expect(answers[0].hasPrefix("{"))
            #expect(answers[0].contains("anna"))
            #expect(answers[1] == #"{"wang":{"tx":514,"rx":4017}}"#)
            #expect(answers[2].hasPrefix("USER"))
            #expect(answers[3].hasPrefix("1 user, "))
        }
    }

    @Test("a fault is told to all who wait")
    func aFaultIsToldToAllWhoWait() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: .status(500))
            let clients = try await connect(20, to: scene)
            scene.gate.close()
            for client in clients { try await client.send(Self.request("/online")) }
            scene.gate.open()
            for client in clients { #expect(try await client.answers(1).first?.status == 502) }
            await scene.hysteria.set(fault: nil)
            for client in clients { try await client.send(Self.request("/online")) }
            for client in clients { #expect(try await client.answers(2).last?.status == 200) }
        }
    }

    private func connect(_ count: Int, to scene: Scene) async throws -> [SocketClient] {
        try await withThrowingTaskGroup(of: SocketClient.self) { tasks in
            for _ in 0..<count { tasks.addTask { try await .tls(to: scene.gateway.port) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }
}
