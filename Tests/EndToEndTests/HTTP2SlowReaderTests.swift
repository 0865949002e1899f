import HysteriaStats
import Testing

/// A caller over HTTP/2 who does not take its answers holds up nobody, and is let go.
@Suite(.startsPrograms)
struct HTTP2SlowReaderTests {
    private static let size = 10 << 20
    private static let requests = 100

    /// A scene with one event loop and little patience, and a caller in it who has asked a hundred times for a large answer.
    private static func play(
        takesAll: Bool,
        _ act: @escaping @Sendable (Scene, HTTP2Caller) async throws -> Void
    ) async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        setting.limits["idleTimeout"] = "1s"
        try await Scene.play(setting) { scene in
            await scene.hysteria.set(fault: .large(bytes: size))
            let caller = try await HTTP2Caller.connect(to: scene.gateway.port, takesAll: takesAll, receiveBuffer: 4096)
            try await caller.client.reads(!takesAll)
            let before = try scene.gateway.process.residentMemory()
            let asked = ContinuousClock.now
            try await caller.send(
                (0..<requests).map {
                    .get(UInt32(2 * $0 + 1), "/traffic", [("authorization", "Bearer \(Tokens.all.text)")])
                }
            )
            // The settings have come, and what comes behind them is the beginning of the answers.
            if takesAll {
                while caller.frames.allSatisfy({ $0.kind != HTTP2Frame.Kind.data }) {
                    try await caller.client.readOnce()
                }
            } else {
                _ = try await caller.first("an answer on each stream") { frames in
                    frames.count { $0.kind == HTTP2Frame.Kind.headers } == requests ? true : nil
                }
            }
            await scene.hysteria.set(fault: nil)
            // Hysteria is rid of the answer, which is there once or twice for all: see CoalescingTests.
            #expect(await scene.hysteria.openConnections == 1)
            #expect(await scene.hysteria.requests.count <= 2)
            try await act(scene, caller)
            let growth = try scene.gateway.process.residentMemory() - before
            #expect(growth < 8 * size, "\(growth)")
            #expect(ContinuousClock.now - asked >= .seconds(1))
        }
    }

    /// Asks as somebody else, who is to be served all the while.
    private static func askBeside(_ scene: Scene) async throws -> String {
        let answer = try await scene.curl.get("/metrics", token: Tokens.all.text)
        #expect(answer.status == 200)
        return answer.text
    }

    @Test("answers whose windows never open, or by a byte now and then, are given up", arguments: [0, 1] as [UInt32])
    func windows(increment: UInt32) async throws {
        try await Self.play(takesAll: false) { scene, caller in
            try await Deadline.within("the end of each answer", in: { "\(caller.frames.map(\.kind))" }) {
                while caller.frames.count(where: { $0.kind == HTTP2Frame.Kind.reset }) < Self.requests {
                    if increment > 0 { try await caller.send([.windowUpdate(1, increment)]) }
                    _ = try await Self.askBeside(scene)
                }
            }
            let resets = caller.frames.filter { $0.kind == HTTP2Frame.Kind.reset }
            #expect(resets.allSatisfy { $0.code == 8 })
            #expect(Set(resets.map(\.stream)).count == Self.requests)
            let taken = caller.frames.filter { $0.kind == HTTP2Frame.Kind.data }
            #expect(taken.allSatisfy { $0.stream == 1 && $0.payload.count <= 1 })
        }
    }

    @Test("a connection that is not read, or a byte now and then, is closed", arguments: [false, true])
    func sockets(readsBytes: Bool) async throws {
        try await Self.play(takesAll: true) { scene, caller in
            if readsBytes { try await caller.client.readsBytewise() }
            try await Deadline.within("the end of the connection") {
                while try await !Self.askBeside(scene).contains("\nhysteria_gateway_connections 1\n") {
                    if readsBytes { caller.client.readsAByte() }
                }
            }
            try await caller.client.reads(true)
            let received = try await caller.client.end()
            #expect(received.bytes.count < Self.size)
        }
    }
}
