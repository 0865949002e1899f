import Glibc
import NIOCore
import NIOPosix
import OwnHosts
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("An address is listened on by all event loops, or not at all", .timeLimit(.minutes(5)))
struct ListenerTests {
    private static let request = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
    private static let last = "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    @Test("callers are served on the port that the system chose", arguments: [1, 3])
    func serves(threads: Int) async throws {
        try await ListenerBench.with(threads: threads) { bench in
            let host = OwnHost.next()
            let listener = try await bench.bind(ListenAddress(host: host, port: 0))
            #expect(listener.name == "\(host):\(listener.port)")
            for _ in 0..<8 {
                let caller = try await RawCaller.connect(to: listener.port, at: host)
                try await caller.send(Self.last)
                let answer = await caller.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 308 Permanent Redirect\r\n"))
                #expect(answer.contains("\r\nLocation: https://localhost/a\r\n"))
            }
            await listener.close()
            await OwnHost.waitUntilRefused(host, listener.port)
        }
    }

    @Test("nobody is accepted before the listener starts: callers wait in the queue", arguments: [1, 3])
    func waitsForStart(threads: Int) async throws {
        try await ListenerBench.with(threads: threads) { bench in
            let host = OwnHost.next()
            let listener = try await bench.bindWithoutStart(ListenAddress(host: host, port: 0))
            let caller = try await RawCaller.connect(to: listener.port, at: host)
            try await caller.send(Self.last)
            for socket in listener.sockets {
                #expect(try await socket.channel.getOption(.autoRead).get() == false)
            }
            await listener.start()
            #expect(await caller.receiveAll().hasPrefix("HTTP/1.1 308 Permanent Redirect\r\n"))
            await listener.close()
        }
    }

    @Test(
        "a port that is taken is told, with what to do; also if it is taken by the gateway itself",
        arguments: [1, 3]
    )
    func portTaken(threads: Int) async throws {
        try await ListenerBench.with(threads: threads) { bench in
            let host = OwnHost.next()
            let listener = try await bench.bind(ListenAddress(host: host, port: 0))
            let taken = ListenAddress(host: host, port: listener.port)
            let error = try await #require(throws: ListenerError.self) { try await bench.bind(taken) }
            #expect(error.code == EADDRINUSE)
            #expect(error.description.hasPrefix("cannot listen on \(listener.name): "))
            #expect(error.description.contains("'hysteria-gateway check' says which"))
            await listener.close()
            await OwnHost.waitUntilRefused(host, listener.port)
            let again = try await bench.bind(taken)
            await again.close()
        }
    }

    @Test("of gateways that start in the same instant, one at most has a port")
    func bindsAtOnce() async throws {
        try await ListenerBench.with(threads: 3) { bench in
            for _ in 0..<20 {
                // A port that was free a moment ago.
                let host = OwnHost.next()
                let probe = try await bench.bind(ListenAddress(host: host, port: 0))
                let address = ListenAddress(host: host, port: probe.port)
                await probe.close()
                await OwnHost.waitUntilRefused(host, probe.port)
                let bound = await withTaskGroup(of: Listener?.self) { tasks in
                    for _ in 0..<4 { tasks.addTask { try? await bench.bind(address) } }
                    return await tasks.reduce(into: []) { $0 += [$1].compactMap { $0 } }
                }
                #expect(bound.count <= 1)
                for listener in bound { await listener.close() }
            }
        }
    }

    @Test("an address that this machine does not have is told")
    func foreignAddress() async throws {
        try await ListenerBench.with { bench in
            let error = try await #require(throws: ListenerError.self) {
                try await bench.bind(ListenAddress(host: "192.0.2.1", port: 0))
            }
            #expect(error.code == EADDRNOTAVAIL)
            #expect(error.description.contains("this machine does not have the address"))
        }
    }

    @Test("an address of all families takes IPv4 callers")
    func wildcard() async throws {
        try await ListenerBench.with { bench in
            let listener = try await bench.bind(ListenAddress(host: nil, port: 0))
            let caller = try await RawCaller.connect(to: listener.port)
            try await caller.send(Self.last)
            #expect(await caller.receiveAll().hasPrefix("HTTP/1.1 308 "))
            await listener.close()
        }
    }

    @Test("over the limit a caller is refused at once, and the operator told once")
    func limited() async throws {
        var limits = Limits()
        limits.connectionsPerAddress = 1
        try await ListenerBench.with(limits: limits) { bench in
            let listener = try await bench.bind()
            let first = try await RawCaller.connect(to: listener.port)
            try await first.send(Self.request)
            #expect(await first.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 308 "))
            for _ in 0..<3 {
                let other = try await RawCaller.connect(to: listener.port)
                #expect(await other.receiveAll() == "")
            }
            #expect(
                bench.log.lines == [
                    "warning: connection refused: limits.connectionsPerAddress is 1 address=127.0.0.1 suppressed=0"
                ]
            )
            #expect(try await bench.counters().refusals == ["connectionsPerAddress": 3])
            try await first.send(Self.last)
            #expect(await first.receiveAll().hasPrefix("HTTP/1.1 308 "))
            await listener.close()
        }
    }

    // MARK: Errors of accept(2)

    /// What SwiftNIO does when the system says this instead of giving a connection.
    private func fail(_ socket: ListeningSocket, _ code: CInt, closes: Bool) async throws {
        let channel = socket.channel
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        if closes { try await channel.close() }
    }

    @Test("whatever the system says, the next callers are served", arguments: [1, 3])
    func acceptErrors(threads: Int) async throws {
        try await ListenerBench.with(threads: threads) { bench in
            let host = OwnHost.next()
            let listener = try await bench.bind(ListenAddress(host: host, port: 0))
            for code in [EPERM, ENETDOWN, EPROTO, EINVAL, EIO] {
                for socket in listener.sockets { try await fail(socket, code, closes: true) }
                // Another channel takes the place of each.
                while listener.sockets.contains(where: { !$0.channel.isActive }) { await Task.yield() }
            }
            for code in [ECONNABORTED, EMFILE, ENOMEM, ENOBUFS] {
                for socket in listener.sockets { try await fail(socket, code, closes: false) }
            }
            // Where descriptors run out, a caller who has not asked for anything yet gives way: none is to be there before.
            while try await bench.counters().acceptFailures["memory"] != 2 * UInt64(threads) { await Task.yield() }
            for _ in 0..<8 {
                let caller = try await RawCaller.connect(to: listener.port, at: host)
                try await caller.send(Self.last)
                #expect(await caller.receiveAll().hasPrefix("HTTP/1.1 308 "))
            }
            let count = UInt64(threads)
            #expect(
                try await bench.counters().acceptFailures == [
                    "forbidden": count, "network": 2 * count, "other": 2 * count, "aborted": count,
                    "descriptors": count, "memory": 2 * count,
                ]
            )
            await listener.close()
            await OwnHost.waitUntilRefused(host, listener.port)
        }
    }

    @Test("a socket that the system itself has stopped listens again")
    func stoppedSocket() async throws {
        try await ListenerBench.with(threads: 1) { bench in
            // Of a port that the system has chosen, it would choose another one.
            let host = OwnHost.next()
            let probe = try await bench.bind(ListenAddress(host: host, port: 0))
            let address = ListenAddress(host: host, port: probe.port)
            await probe.close()
            await OwnHost.waitUntilRefused(host, probe.port)
            let listener = try await bench.bind(address)
            let before = ObjectIdentifier(listener.sockets[0].channel)
            _ = listener.sockets[0].withDescriptor { shutdown($0, CInt(SHUT_RD)) }
            // Callers are refused until then.
            while ObjectIdentifier(listener.sockets[0].channel) == before { await Task.yield() }
            let caller = try await RawCaller.connect(to: address.port, at: host)
            try await caller.send(Self.last)
            #expect(await caller.receiveAll().hasPrefix("HTTP/1.1 308 "))
            await listener.close()
        }
    }

    @Test("a listener that is closed stays closed")
    func closedForGood() async throws {
        try await ListenerBench.with(threads: 1) { bench in
            let host = OwnHost.next()
            let listener = try await bench.bind(ListenAddress(host: host, port: 0))
            try await fail(listener.sockets[0], EPERM, closes: true)
            while !listener.sockets[0].channel.isActive { await Task.yield() }
            try await fail(listener.sockets[0], EPERM, closes: true)
            await listener.close()
            await OwnHost.waitUntilRefused(host, listener.port)
            let again = try await bench.bind(ListenAddress(host: host, port: listener.port))
            await again.close()
        }
    }

    // MARK: Drain

    @Test("a drain ends connections that rest")
    func drainIdle() async throws {
        try await ListenerBench.with { bench in
            let listener = try await bench.bind()
            let caller = try await RawCaller.connect(to: listener.port)
            try await caller.send(Self.request)
            _ = await caller.receive(until: "\r\n\r\n")
            await listener.close()
            #expect(await bench.pool.drain(limit: .minutes(1)) == 0)
            #expect(await caller.receiveAll() == "")
        }
    }

    @Test("a drain gives up on connections that do not come to their end")
    func drainLimit() async throws {
        try await ListenerBench.with { bench in
            let listener = try await bench.bind()
            let caller = try await RawCaller.connect(to: listener.port)
            // The answer shows that the beginning of the next request has been read as well.
            try await caller.send(Self.request + "GET /b HTTP/1.1\r\n")
            _ = await caller.receive(until: "\r\n\r\n")
            await listener.close()
            #expect(await bench.pool.drain(limit: .milliseconds(20)) == 1)
            #expect(await caller.receiveAll() == "")
        }
    }
}
