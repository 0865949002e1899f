import HysteriaStats
import NIOCore
import Testing

@Suite struct StatsClientTests {
    @Test func aReadGetsTheBodyByteForByte() async throws {
        let body = #"{"wang":{"tx":514,"rx":4017}}"#
        let server = try await RawServer.start(always: .segments([Responses.json(body)]))
        let client = try await ClientHarness(port: server.port)
        let answer = await client.ask(.traffic)
        #expect(answer.text == body)
        #expect(server.requests == ["GET /traffic HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"])
        await client.shutDown()
        await server.stop()
    }

    @Test func theConnectionIsKeptForTheNextCall() async throws {
        let server = try await RawServer.start(always: .segments([Responses.json("{}")]))
        let client = try await ClientHarness(port: server.port)
        for _ in 0..<10 { #expect(await client.ask(.online).text == "{}") }
        #expect(server.connections == 1)
        #expect(try await client.counters.requestsSent == 10)
        await client.shutDown()
        await server.stop()
    }
}
