import Foundation
import HysteriaStats
import Testing

/// Where the gateway listens, and how many it takes.
@Suite(.startsPrograms)
struct ListenTests {
    @Test("every address of the list serves")
    func everyAddressOfTheListServes() async throws {
        let folder = try TemporaryFolder()
        let upstream = StatsAddress(host: "127.0.0.1", port: 9)
        let path = try Scene.write(Scene.Setting(), upstream: upstream, to: folder)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // The loopback of IPv6 is not there on every machine; the wildcard is, whatever it stands for.
        try folder.write(text.replacing("\"127.0.0.1:0\"", with: "[\"127.0.0.1:0\", \":0\"]"), to: "config.yaml")
        let gateway = try await GatewayProcess.start(configuration: path, listeners: 2)
        #expect(Set(gateway.ports).count == 2)
        for port in gateway.ports {
            let curl = Curl(certificate: folder.path(of: "certificate.pem"), port: port)
            #expect(try await curl.get("/healthz").status == 200)
        }
        #expect(try await gateway.stop().ending == .exit(0))
    }

    @Test(
        "connections beyond the limit are refused and the place is free again",
        arguments: ["connections", "connectionsPerAddress"]
    )
    func connectionsBeyondTheLimitAreRefusedAndThePlaceIsFreeAgain(limit: String) async throws {
        var setting = Scene.Setting()
        setting.limits[limit] = "2"
        try await Scene.play(setting) { scene in
            let first = try await SocketClient.tls(to: scene.gateway.port)
            let second = try await SocketClient.tls(to: scene.gateway.port)
            // Before that, they might be handshaking still, and would give way.
            let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            for client in [first, second] { #expect(try await client.answer(to: request).status == 200) }
            let third = try await SocketClient.plain(to: scene.gateway.port)
            let received = try await third.end()
            #expect(received.bytes.isEmpty)
            try await scene.gateway.log(" warning ", "connection refused: limits.\(limit) is 2", "address=127.0.0.1")

            // Those who are in are served on.
            #expect(try await first.answer(to: request).status == 200)
            try await second.close()
            try await Deadline.within("a free place") {
                while try await scene.curl.run("/healthz", []).answer == nil { try Task.checkCancellation() }
            }
        }
    }

    @Test("many connections at once are all served")
    func manyConnectionsAtOnceAreAllServed() async throws {
        try await Scene.play { scene in
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<100 {
                    tasks.addTask {
                        let client = try await SocketClient.tls(to: scene.gateway.port)
                        let answer = try await client.answer(to: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                        try await client.close()
                        return answer.status
                    }
                }
                for try await status in tasks { #expect(status == 200) }
            }
        }
    }
}
