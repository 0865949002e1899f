import Foundation
import Testing

/// What a stop means to those who call meanwhile.
@Suite(.startsPrograms)
struct DrainTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: [1, 2])
    func underLoadEveryRequestOfAConnectionThatWasMadeIsAnswered(threads: Int) async throws {
        var setting = Scene.Setting()
        setting.threads = threads
        try await Scene.play(setting) { scene in
            let load = Load(port: scene.gateway.port, endsWhenRefused: true)
            let tally = try await load.run(callers: 6) {
                try await load.answers(200)
                scene.gateway.process.send(SIGTERM)
            }
            #expect(tally.losses.isEmpty, "\(tally)")
            #expect(tally.refusals == 12, "\(tally)")
            let end = try await scene.gateway.process.end()
            #expect(end.ending == .exit(0))
            #expect(!end.errorText.contains("before they had finished"))
        }
    }

    @Test
    func whoHasJustConnectedIsServedAndWhoSaysNothingIsNotWaitedFor() async throws {
        try await Scene.play { scene in
            let silent = try await SocketClient.plain(to: scene.gateway.port)
            let mute = try await SocketClient.tls(to: scene.gateway.port)
            let caller = try await SocketClient.tls(to: scene.gateway.port)
            scene.gateway.process.send(SIGTERM)
            try await scene.gateway.log("draining")
            let answer = try await caller.answer(to: Self.request)
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            try await caller.end()
            try await mute.end()
            try await silent.end()
            let end = try await scene.gateway.process.end()
            #expect(end.ending == .exit(0))
            #expect(!end.errorText.contains("before they had finished"))
        }
    }

    @Test
    func whoStandsInTheKernelsQueueIsServed() async throws {
        var setting = Scene.Setting()
        setting.redirects = true
        try await Scene.play(setting) { scene in
            // A gateway that stands still accepts nobody; the kernel completes the connections all the same.
            scene.gateway.process.send(SIGSTOP)
            var callers: [SocketClient] = []
            for _ in 0..<50 {
                let caller = try await SocketClient.plain(to: scene.gateway.ports[1])
                try await caller.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n")
                callers.append(caller)
            }
            scene.gateway.process.send(SIGTERM)
            scene.gateway.process.send(SIGCONT)
            for caller in callers {
                let answer = try #require(try await caller.answers(1).first)
                #expect(answer.status == 308)
                #expect(try await caller.end().error == nil)
            }
            #expect(try await scene.gateway.process.end().ending == .exit(0))
        }
    }
}
