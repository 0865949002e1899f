import NIOCore
import NIOOpenSSL
import Testing

@Suite("Application protocols")
struct ApplicationProtocolTests {
    @Test("the servers preference decides", arguments: [TLSVersion.v1_2, .v1_3])
    func theServersPreferenceDecides(version: TLSVersion) throws {
        let pair = try connect(server: ["h2", "http/1.1"], client: ["http/1.1", "h2"], version)
        #expect(pair.server.recorder.handshake?.applicationProtocol == "h2")
        #expect(pair.client.recorder.handshake?.applicationProtocol == "h2")
    }

    @Test("without overlap the handshake ends with the alert for it", arguments: [TLSVersion.v1_2, .v1_3])
    func withoutOverlapTheHandshakeEndsWithTheAlertForIt(version: TLSVersion) throws {
        let pair = try connect(server: ["h2", "http/1.1"], client: ["spdy/3"], version)
        #expect(pair.server.recorder.errorKinds == [.handshakeFailed])
        #expect("\(pair.client.recorder.errors[0])".contains("no application protocol"))
        #expect(!pair.server.channel.isActive && !pair.client.channel.isActive)
    }

    @Test("a client that offers none is served")
    func aClientThatOffersNoneIsServed() throws {
        let pair = try connect(server: ["h2", "http/1.1"], client: [], .v1_3)
        #expect(pair.server.recorder.events == [.active, .handshakeCompleted])
        #expect(pair.server.recorder.handshake?.applicationProtocol == nil)
    }

    @Test("a server without any ignores what is offered")
    func aServerWithoutAnyIgnoresWhatIsOffered() throws {
        let pair = try connect(server: [], client: ["h2"], .v1_3)
        #expect(pair.client.recorder.events == [.active, .handshakeCompleted])
        #expect(pair.client.recorder.handshake?.applicationProtocol == nil)
    }

    @Test(
        "a name that does not fit is an error of the configuration",
        arguments: ["", String(repeating: "x", count: 256)]
    )
    func aNameThatDoesNotFitIsAnErrorOfTheConfiguration(name: String) {
        let error = #expect(throws: TLSError.self) {
            try Fixtures.server(.intermediate(applicationProtocols: [name]))
        }
        #expect(error?.kind == .configuration)
    }

    private func connect(server: [String], client: [String], _ version: TLSVersion) throws -> BackToBack {
        try BackToBack.connected(
            server: Fixtures.server(Fixtures.only(version, protocols: server)),
            client: Fixtures.client(Fixtures.only(version, protocols: client))
        )
    }
}
