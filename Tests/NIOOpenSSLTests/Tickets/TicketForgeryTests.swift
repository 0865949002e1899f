import COpenSSL
import Testing

@testable import NIOOpenSSL

/// A ticket comes from the client. Whatever it is, the worst is a full handshake.
@Suite("Tickets that are not genuine")
struct TicketForgeryTests {
    @Test("with changed bits mean a full handshake", arguments: ResumingClient.versions)
    func withChangedBitsMeanAFullHandshake(version: CInt) throws {
        let context = try Fixtures.server()
        let client = ResumingClient(version: version)
        let session = try client.connect(context).session
        let ticket = session.ticket
        var numbers = SeededNumbers(seed: 5)
        // Each part once, then any: name, vector, content, signature.
        let places = [0, 15, 16, 31, 32, ticket.count - 33, ticket.count - 32, ticket.count - 1]
        for round in 0..<40 {
            var changed = ticket
            let place = round < places.count ? places[round] : Int.random(in: 0..<ticket.count, using: &numbers)
            changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            let outcome = try client.connect(context, resuming: session.with(ticket: changed))
            #expect(outcome.isResumed == false)
        }
    }

    @Test("that are cut mean a full handshake", arguments: ResumingClient.versions)
    func thatAreCutMeanAFullHandshake(version: CInt) throws {
        let context = try Fixtures.server()
        let client = ResumingClient(version: version)
        let session = try client.connect(context).session
        let ticket = session.ticket
        for count in [1, 15, 16, 31, 32, 47, 48, 64, 79, 80, 100, ticket.count - 16, ticket.count - 1] {
            let outcome = try client.connect(context, resuming: session.with(ticket: Array(ticket.prefix(count))))
            #expect(outcome.isResumed == false)
        }
        let longer = try client.connect(context, resuming: session.with(ticket: ticket + ticket))
        #expect(longer.isResumed == false)
    }

    @Test("that are invented mean a full handshake", arguments: ResumingClient.versions)
    func thatAreInventedMeanAFullHandshake(version: CInt) throws {
        let context = try Fixtures.server()
        let client = ResumingClient(version: version)
        let session = try client.connect(context).session
        var numbers = SeededNumbers(seed: 6)
        for count in [16, 64, 200, 4000, 20_000] {
            let noise = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
            // With a name that the server knows, so that more than the name is looked at.
            for ticket in [noise, session.keyName + noise] {
                let outcome = try client.connect(context, resuming: session.with(ticket: ticket))
                #expect(outcome.isResumed == false)
            }
        }
    }

    @Test("of another servers keys with our name mean a full handshake", arguments: ResumingClient.versions)
    func ofAnotherServersKeysWithOurNameMeanAFullHandshake(version: CInt) throws {
        let client = ResumingClient(version: version)
        let context = try Fixtures.server()
        let name = try client.connect(context).session.keyName
        let foreign = try client.connect(Fixtures.server()).session
        let forged = try foreign.with(ticket: name + foreign.ticket.dropFirst(16))
        #expect(try client.connect(context, resuming: forged).isResumed == false)
    }

    @Test("the forgers tool leaves a genuine ticket genuine", arguments: ResumingClient.versions)
    func theForgersToolLeavesAGenuineTicketGenuine(version: CInt) throws {
        let context = try Fixtures.server()
        let client = ResumingClient(version: version)
        let session = try client.connect(context).session
        let outcome = try client.connect(context, resuming: session.with(ticket: session.ticket))
        #expect(outcome.isResumed == true)
    }
}
