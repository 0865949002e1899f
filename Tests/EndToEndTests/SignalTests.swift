import Foundation
import NIOCore
import Testing

/// How the gateway stops.
@Suite(.startsPrograms)
struct SignalTests {
    private static let request = """
        GET /traffic HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(Tokens.all.text)\r
        \r

        """

    @Test("an idle gateway stops at once and in order", arguments: [SIGTERM, SIGINT])
    func anIdleGatewayStopsAtOnceAndInOrder(signal: Int32) async throws {
        try await Scene.play { scene in
            _ = try await scene.curl.get("/traffic", token: Tokens.all.text)
            let idle = try await SocketClient.tls(to: scene.gateway.port)
            let end = try await scene.gateway.stop(signal)
            #expect(end.ending == .exit(0))
            #expect(end.errorText.contains("draining"))
            // What was served is in the access log, whatever was not written yet when the signal came.
            #expect(end.outputText.contains("\"GET /traffic HTTP/1.1\" 200"))
            try await idle.end()
        }
    }

    @Test("an answer under way is finished and nothing new accepted", arguments: [SIGTERM, SIGINT])
    func anAnswerUnderWayIsFinishedAndNothingNewAccepted(signal: Int32) async throws {
        var setting = Scene.Setting()
        // One event loop: its connections learn of the drain together, so what one of them sees holds for the other.
        setting.threads = 1
        try await Scene.play(setting) { scene in
            scene.gate.close()
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.send(Self.request)
            // Answered behind the request above, on a connection that is idle from then on.
            let idle = try await SocketClient.tls(to: scene.gateway.port)
            #expect(try await idle.answer(to: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)

            scene.gateway.process.send(signal)
            try await idle.end()
            try await scene.refusesConnections()
            #expect(!client.received.isClosed)

            scene.gate.open()
            let answer = try #require(try await client.answers(1).first)
            #expect(answer.status == 200)
            #expect(answer.text.contains("wang"))
            #expect(answer["connection"] == "close")
            let received = try await client.end()
            #expect(received.error == nil)
            let end = try await scene.gateway.process.end()
            #expect(end.ending == .exit(0))
        }
    }

    @Test("a large answer under way is finished")
    func aLargeAnswerUnderWayIsFinished() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .large(bytes: 12 << 20))
            let client = try await SocketClient.tls(to: scene.gateway.port, receiveBuffer: 4096)
            try await client.reads(false)
            try await client.send(Self.request)
            try await client.readOnce()
            scene.gateway.process.send(SIGTERM)
            try await scene.gateway.log("draining")
            try await client.reads(true)
            let answer = try #require(try await client.answers(1).first)
            #expect(answer.body.count > 12 << 20)
            let end = try await scene.gateway.process.end()
            #expect(end.ending == .exit(0))
        }
    }

    @Test("a second signal ends it at once", arguments: [SIGTERM, SIGINT])
    func aSecondSignalEndsItAtOnce(signal: Int32) async throws {
        try await Scene.play { scene in
            scene.gate.close()
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.send(Self.request)
            let other = try await SocketClient.tls(to: scene.gateway.port)
            #expect(try await other.answer(to: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
            scene.gateway.process.send(SIGTERM)
            try await scene.gateway.log("draining")
            scene.gateway.process.send(signal)
            let end = try await scene.gateway.process.end()
            #expect(end.ending == .exit(128 + signal))
            try await client.end()
        }
    }

    @Test("a reader of its output that goes away is not the end")
    func aReaderOfItsOutputThatGoesAwayIsNotTheEnd() async throws {
        try await Scene.play { scene in
            let folder = try TemporaryFolder()
            let configuration = try Scene.write(Scene.Setting(), upstream: scene.hysteria.address, to: folder)
            // `head` ends with the first line of the access log; the shell becomes the gateway.
            let process = try ChildProcess(
                "/bin/bash",
                ["-c", "exec \"$0\" serve --config \"$1\" > >(head -n 1)", BuiltProgram.path, configuration]
            )
            let port = try await process.first("a listener") { state in
                state.errorText.firstMatch(of: /listening address=\S*:(\d+)\n/).flatMap { Int($0.1) }
            }
            let curl = Curl(certificate: folder.path(of: "certificate.pem"), port: port)
            for _ in 0..<2 {
                let answer = try await curl.get("/traffic", token: Tokens.all.text)
                #expect(answer.status == 200)
                _ = try await process.first("a line") { $0.outputText.hasSuffix("\n") ? true : nil }
            }
            process.send(SIGTERM)
            #expect(try await process.end().ending == .exit(0))
        }
    }
}

extension Scene {
    /// Waits until the gateway does not take connections any more.
    fileprivate func refusesConnections() async throws {
        try await Deadline.within("a refused connection") { [gateway] in
            while true {
                try Task.checkCancellation()
                guard let client = try? await SocketClient.plain(to: gateway.port) else { return }
                try? await client.reset()
            }
        }
    }
}
