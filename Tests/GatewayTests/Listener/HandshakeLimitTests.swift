import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Handshakes in progress are limited", .timeLimit(.minutes(5)))
struct HandshakeLimitTests {
    @Test("the oldest gives way, and the operator is told once a second")
    func oldest() async throws {
        try await ListenerBench.with(threads: 1, handshakes: 2) { bench in
            let listener = try await bench.bindSecure()
            var silent: [RawCaller] = []
            for _ in 0..<5 {
                let caller = try await RawCaller.connect(to: listener.port)
                silent.append(caller)
                guard silent.count > 2 else { continue }
                #expect(await silent[silent.count - 3].receiveAll() == "")
            }
            #expect(
                bench.log.lines == [
                    "warning: connection closed before its handshake was complete: 2 newer ones are in progress "
                        + "address=127.0.0.1 suppressed=0"
                ]
            )
            #expect(try await bench.counters().refusals == ["handshakes": 3])
            await listener.close()
        }
    }

    @Test("a new caller gets in while others say nothing, and is not counted from then on")
    func newcomer() async throws {
        try await ListenerBench.with(threads: 1, handshakes: 1) { bench in
            let listener = try await bench.bindSecure()
            let silent = try await RawCaller.connect(to: listener.port)
            let secure = try await RawCaller.connect(to: listener.port, isSecure: true)
            #expect(await silent.receiveAll() == "")
            try await secure.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await secure.receive(until: "ok").hasPrefix("HTTP/1.1 200 "))
            let (third, fourth) = (
                try await RawCaller.connect(to: listener.port), try await RawCaller.connect(to: listener.port)
            )
            #expect(await third.receiveAll() == "")
            try await secure.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await secure.receiveAll().hasPrefix("HTTP/1.1 200 "))
            await fourth.close()
            await listener.close()
        }
    }

    /// Limits of so many connections.
    private func limits(connections: Int) -> Limits {
        var limits = Limits()
        limits.connections = connections
        return limits
    }

    @Test(
        "a low limit of connections does not let those who say nothing keep a caller out",
        arguments: [1, 2, 4],
        [true, false]
    )
    func lowLimit(threads: Int, isSecure: Bool) async throws {
        try await ListenerBench.with(threads: threads, limits: limits(connections: 3)) { bench in
            let (listener, plain) = (try await bench.bindSecure(), try await bench.bind())
            var silent: [RawCaller] = []
            for _ in 0..<3 { silent.append(try await RawCaller.connect(to: isSecure ? listener.port : plain.port)) }
            while try await bench.counters().connections < 3 {}
            let caller = try await RawCaller.connect(to: listener.port, isSecure: true)
            try await caller.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await caller.receiveAll().hasPrefix("HTTP/1.1 200 "))
            #expect(try await bench.counters().refusals == ["handshakes": 1])
            #expect(
                bench.log.lines == [
                    "warning: connection closed before its handshake was complete: limits.connections is 3, and a newer "
                        + "one has come address=127.0.0.1 suppressed=0"
                ]
            )
            for caller in silent { await caller.close() }
            await listener.close()
            await plain.close()
        }
    }

    @Test("but callers who are served do not give way")
    func servedCallersStay() async throws {
        try await ListenerBench.with(threads: 2, limits: limits(connections: 2)) { bench in
            let (listener, plain) = (try await bench.bindSecure(), try await bench.bind())
            let secure = try await RawCaller.connect(to: listener.port, isSecure: true)
            try await secure.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await secure.receive(until: "ok").hasPrefix("HTTP/1.1 200 "))
            let redirected = try await RawCaller.connect(to: plain.port)
            try await redirected.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await redirected.receive(until: "308").contains("308"))
            for port in [listener.port, plain.port] {
                #expect(await (try RawCaller.connect(to: port)).receiveAll() == "")
            }
            try await secure.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await secure.receiveAll().hasPrefix("HTTP/1.1 200 "))
            #expect(try await bench.counters().refusals == ["connections": 2])
            await redirected.close()
            await listener.close()
            await plain.close()
        }
    }

    @Test("a connection that ended in its handshake does not count any more")
    func left() async throws {
        try await ListenerBench.with(threads: 1, handshakes: 1) { bench in
            let listener = try await bench.bindSecure()
            for _ in 0..<3 {
                let caller = try await RawCaller.connect(to: listener.port)
                try await caller.send("no TLS\r\n\r\n")
                _ = await caller.receiveAll()
            }
            #expect(bench.log.lines.filter { $0.contains("handshake was complete") } == [])
            await listener.close()
        }
    }

    @Test("event loops share the limit out", arguments: [(1, 1024), (4, 256), (16, 64), (64, 64), (0, 1024)])
    func share(eventLoops: Int, expected: Int) {
        #expect(HandshakeQueue.share(eventLoops: eventLoops) == expected)
    }
}
