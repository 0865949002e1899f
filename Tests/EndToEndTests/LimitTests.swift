import Foundation
import HysteriaStats
import Testing

/// Callers that take their time, or all of the machine's.
@Suite(.startsPrograms)
struct LimitTests {
    private static func request(_ path: String, further: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(Tokens.all.text)\r\n\(further)\r\n"
    }

    /// Goes on as long as nothing has come back: a byte now and then, as who wants to hold a connection sends them.
    private static func drip(_ byte: String, into client: SocketClient) async throws {
        try await Deadline.within("an answer to drops") {
            while client.received.bytes.isEmpty, !client.received.isClosed {
                try? await client.send(byte)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Has a process open no more descriptors than these; those that it has open stay open.
    private static func limitDescriptors(of process: ChildProcess, to count: Int) async throws {
        let arguments = ["prlimit", "--pid", "\(process.identifier)", "--nofile=\(count):"]
        let end = try await ChildProcess("/usr/bin/env", arguments).end()
        #expect(end.ending == .exit(0), "\(end)")
    }

    /// The seconds of processor time that a process has taken.
    private static func processorTime(of process: ChildProcess) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process.identifier)/stat", encoding: .utf8)
        // Behind the name, which can contain anything, utime and stime are the 12th and 13th.
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        return (try #require(Double(fields[11])) + #require(Double(fields[12]))) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test("bytes now and then buy no time for a head")
    func bytesNowAndThenBuyNoTimeForAHead() async throws {
        var setting = Scene.Setting()
        setting.limits["headTimeout"] = "3s"
        try await Scene.play(setting) { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.send("GET /traffic HTTP/1.1\r\nHost: localhost\r\nX: ")
            try await Self.drip("a", into: client)
            let answer = try #require(try await client.answers(1).first)
            #expect(answer.status == 408)
            #expect(answer["connection"] == "close")
            try await client.end()
        }
    }

    @Test("bytes now and then buy no time for a body")
    func bytesNowAndThenBuyNoTimeForABody() async throws {
        var setting = Scene.Setting()
        setting.limits["bodyTimeout"] = "1s"
        try await Scene.play(setting) { scene in
            for (token, statuses) in [(Tokens.all.text, [408]), (Tokens.stranger.text, [401])] {
                let client = try await SocketClient.tls(to: scene.gateway.port)
                try await client.send(
                    "POST /kick HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 60000\r\n\r\n["
                )
                try await Self.drip(" ", into: client)
                // Who gets an answer before the body is whole may not go on with it for ever either.
                try await Deadline.within("the end of the connection") {
                    while !client.received.isClosed {
                        try? await client.send(" ")
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                let statusLine = String(decoding: client.received.bytes.prefix(12), as: UTF8.self)
                #expect(statuses.map { "HTTP/1.1 \($0)" } == [statusLine])
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a caller that takes a byte now and then is let go and Hysteria notices nothing")
    func aCallerThatTakesAByteNowAndThenIsLetGoAndHysteriaNoticesNothing() async throws {
        var setting = Scene.Setting()
        setting.limits["idleTimeout"] = "1s"
        setting.limits["connections"] = "1"
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: .large(bytes: 10 << 20))
            let client = try await SocketClient.tls(to: scene.gateway.port, receiveBuffer: 4096)
            try await client.reads(false)
            try await client.send(Self.request("/traffic"))
            try await client.readOnce()
            try await client.readsBytewise()
            // Hysteria has been rid of its answer since.
            #expect(await scene.hysteria.requests.count == 1)
            // The only place is taken until the time is up, a byte now and then or not.
            try await Deadline.within("a free place") {
                while try await scene.curl.run("/healthz", []).answer == nil {
                    client.readsAByte()
                    try Task.checkCancellation()
                }
            }
        }
    }

    @Test("a large answer is held once for all who take it slowly")
    func aLargeAnswerIsHeldOnceForAllWhoTakeItSlowly() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            let size = 10 << 20
            await scene.hysteria.set(fault: .large(bytes: size))
            var clients: [SocketClient] = []
            for _ in 0..<20 {
                let client = try await SocketClient.tls(to: scene.gateway.port, receiveBuffer: 4096)
                try await client.reads(false)
                clients.append(client)
            }
            let before = try scene.gateway.process.residentMemory()
            scene.gate.close()
            for client in clients { try await client.send(Self.request("/traffic")) }
            // The event loop takes what has come before this one first: then all of them wait.
            #expect(try await scene.curl.get("/healthz").status == 200)
            scene.gate.open()
            for client in clients { try await client.readOnce() }
            // Two fetches: the one under way, and the next, for all who came since. Each takes room for its growth.
            #expect(await scene.hysteria.requests.count <= 2)
            let growth = try scene.gateway.process.residentMemory() - before
            #expect(growth < 6 * size, "\(growth)")
        }
    }

    @Test("without descriptors who is connected is served and who waits is served later")
    func withoutDescriptorsWhoIsConnectedIsServedAndWhoWaitsIsServedLater() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            let connected = try await SocketClient.tls(to: scene.gateway.port)
            #expect(try await connected.answer(to: Self.request("/traffic")).status == 200)

            let process = scene.gateway.process
            try await Self.limitDescriptors(of: process, to: 4)
            let waiting = try await SocketClient.plain(to: scene.gateway.port)
            try await scene.gateway.log(" error ", "cannot accept connections: Too many open files", "LimitNOFILE")
            let time = try Self.processorTime(of: process)
            let began = ContinuousClock.now
            // A second line comes a second later at the earliest.
            _ = try await process.first("two lines") { state in
                state.errorText.matches(of: /cannot accept/).count > 1 ? true : nil
            }
            // Whoever tries again without a rest takes all the time there is.
            let elapsed = (ContinuousClock.now - began) / .seconds(1)
            #expect(try Self.processorTime(of: process) - time < elapsed / 2)
            #expect(!waiting.received.isClosed)
            try await connected.send(Self.request("/traffic") + Self.request("/healthz"))
            #expect(try await connected.answers(3).map(\.status) == [200, 200, 200])

            try await Self.limitDescriptors(of: process, to: 1000)
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(answer.status == 200)
            let metrics = try await scene.curl.get("/metrics", token: Tokens.all.text).text
            let errors = try #require(metrics.firstMatch(of: /accept_errors_total\{kind="descriptors"\} (\d+)/))
            #expect(try #require(Int(errors.1)) > 1)
            // Who waited has its turn as well.
            try await waiting.send("no TLS")
            try await waiting.end()
        }
    }
}
