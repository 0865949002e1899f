import COpenSSL
import NIOOpenSSL
import Testing

@Suite("Resumption")
struct ResumptionTests {
    @Test("a ticket resumes the session on another connection of the context", arguments: ResumingClient.versions)
    func aTicketResumesTheSessionOnAnotherConnectionOfTheContext(version: CInt) throws {
        let client = ResumingClient(version: version)
        let context = try Fixtures.server()
        let first = try client.connect(context)
        #expect(first.isResumed == false)
        let second = try client.connect(context, resuming: first.session)
        #expect(second.isResumed == true)
        let third = try client.connect(context, resuming: second.session)
        #expect(third.isResumed == true)
    }

    @Test("another context does a full handshake", arguments: ResumingClient.versions)
    func anotherContextDoesAFullHandshake(version: CInt) throws {
        let client = ResumingClient(version: version)
        let first = try client.connect(Fixtures.server())
        let second = try client.connect(Fixtures.server(), resuming: first.session)
        #expect(second.isResumed == false)
    }

    @Test("without tickets every handshake is a full one", arguments: ResumingClient.versions)
    func withoutTicketsEveryHandshakeIsAFullOne(version: CInt) throws {
        let client = ResumingClient(version: version)
        var configuration = NIOOpenSSL.TLSConfiguration.intermediate()
        configuration.sessionTickets = false
        let context = try Fixtures.server(configuration)
        let first = try client.connect(context)
        let second = try client.connect(context, resuming: first.session)
        #expect(second.isResumed == false)
    }
}
