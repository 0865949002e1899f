import HysteriaStats
import Testing

/// A caller who does not read holds up nobody else, Hysteria least of all.
@Suite(.startsPrograms)
struct SlowReaderTests {
    private static let request = """
        GET /traffic HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(Tokens.all.text)\r
        \r

        """

    @Test("slow readers of a large answer keep no connection to Hysteria busy")
    func slowReadersOfALargeAnswerKeepNoConnectionToHysteriaBusy() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: .large(bytes: 12 << 20))
            var slow: [SocketClient] = []
            for _ in 0..<3 {
                let client = try await SocketClient.tls(to: scene.gateway.port, receiveBuffer: 4096)
                try await client.reads(false)
                try await client.send(Self.request)
                try await client.readOnce()
                slow.append(client)
            }
            await scene.hysteria.set(fault: nil)
            // One event loop of the gateway, and one connection that it has kept: it was free again each time.
            #expect(await scene.hysteria.openConnections == 1)
            for _ in 0..<5 {
                let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
                #expect(answer.text.contains("wang"))
            }
            #expect(await scene.hysteria.openConnections == 1)
            #expect(await scene.hysteria.requests.count == 8)

            // And they get all of it, when they care to.
            for client in slow {
                try await client.reads(true)
                let answer = try #require(try await client.answers(1).first)
                #expect(answer.status == 200)
                #expect(answer.body.count > 12 << 20)
            }
        }
    }

    @Test("a caller that never reads is let go")
    func aCallerThatNeverReadsIsLetGo() async throws {
        var setting = Scene.Setting()
        setting.limits["idleTimeout"] = "1s"
        setting.limits["connections"] = "1"
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: .large(bytes: 12 << 20))
            let client = try await SocketClient.tls(to: scene.gateway.port, receiveBuffer: 4096)
            try await client.reads(false)
            try await client.send(Self.request)
            try await client.readOnce()
            // The only place is taken until then.
            try await Deadline.within("a free place") {
                while try await scene.curl.run("/healthz", []).answer == nil { try Task.checkCancellation() }
            }
            try await client.reads(true)
            let received = try await client.end()
            #expect(received.bytes.count < 12 << 20)
        }
    }
}
