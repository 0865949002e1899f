import Foundation
import Testing

/// What a stop means to those who call meanwhile.
@Suite(.startsPrograms)
struct DrainTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("under load every request of a connection that was made is answered", arguments: [1, 2])
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

    /// Stops the gateway under the load that a program makes, and returns what the program has printed and how many answers
    /// the gateway has given.
    private func stop(threads: Int, under program: String, _ arguments: [String]) async throws -> (String, answers: Int)
    {
        var setting = Scene.Setting()
        setting.threads = threads
        let result = Observed(("", answers: 0))
        try await Scene.play(setting) { scene in
            let load = try ChildProcess(
                program,
                arguments + ["-H", "authorization: Bearer \(Tokens.all.text)"]
                    + ["https://127.0.0.1:\(scene.gateway.port)/traffic"]
            )
            try await Deadline.within("load") {
                while await scene.hysteria.requests.count < 100 { try await Task.sleep(for: .milliseconds(10)) }
            }
            scene.gateway.process.send(SIGTERM)
            let end = try await scene.gateway.process.end()
            #expect(end.ending == .exit(0))
            #expect(!end.errorText.contains("before they had finished"))
            let output = try await load.end().outputText
            result.update { $0 = (output, end.outputText.matches(of: #/"GET /traffic HTTP/[0-9.]+" 200/#).count) }
        }
        return result.value
    }

    @Test(
        "under load every answer over HTTP/2 arrives",
        .enabled(if: NGHTTP2Client.isInstalled, NGHTTP2Client.advice),
        arguments: [1, 2]
    )
    func underLoadEveryAnswerOverHTTP2Arrives(threads: Int) async throws {
        let (output, answers) = try await stop(
            threads: threads,
            under: "/usr/bin/h2load",
            ["-n", "1000000", "-c", "4", "-m", "10"]
        )
        // It goes on to count requests that it does not send any more, as failed.
        #expect(output.contains(" \(answers) succeeded, "), "\(answers) answers: \(output)")
        #expect(output.contains("status codes: \(answers) 2xx, 0 3xx, 0 4xx, 0 5xx"), "\(answers) answers: \(output)")
    }

    @Test(
        "under load every answer on kept connections arrives",
        .enabled(if: WrkClient.isInstalled, WrkClient.advice),
        arguments: [1, 2]
    )
    func underLoadEveryAnswerOnKeptConnectionsArrives(threads: Int) async throws {
        let (output, answers) = try await stop(threads: threads, under: WrkClient.path, ["-t1", "-c8", "-d4s"])
        #expect(output.contains(" \(answers) requests in "), "\(answers) answers: \(output)")
        // That it cannot connect any more is no error of a request.
        #expect(!output.contains("Socket errors") || output.contains(", read 0, write 0, timeout 0"), "\(output)")
    }

    @Test("who has just connected is served and who says nothing is not waited for")
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

    @Test("who stands in the kernels queue is served")
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
