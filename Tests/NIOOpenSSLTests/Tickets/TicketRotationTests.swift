import COpenSSL
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import NIOOpenSSL

@Suite("Rotation of ticket keys")
struct TicketRotationTests {
    private let clock = TestClock()

    @Test("a ticket from before a rotation is accepted and renewed", arguments: ResumingClient.versions)
    func aTicketFromBeforeARotationIsAcceptedAndRenewed(version: CInt) throws {
        let context = try Fixtures.server(keys: keys())
        let client = ResumingClient(version: version)
        let first = try client.connect(context)
        clock.advance(by: .hours(12))
        let second = try client.connect(context, resuming: first.session)
        #expect(second.isResumed == true)
        #expect(second.session.keyName != first.session.keyName)
        // The renewed ticket outlives the key of the first.
        clock.advance(by: .hours(36))
        let third = try client.connect(context, resuming: second.session)
        #expect(third.isResumed == true)
        let late = try client.connect(context, resuming: first.session)
        #expect(late.isResumed == false)
    }

    @Test("a ticket that is older than the ring means a full handshake", arguments: ResumingClient.versions)
    func aTicketThatIsOlderThanTheRingMeansAFullHandshake(version: CInt) throws {
        let context = try Fixtures.server(keys: keys())
        let client = ResumingClient(version: version)
        let first = try client.connect(context)
        clock.advance(by: .hours(48))
        let second = try client.connect(context, resuming: first.session)
        #expect(second.isResumed == false)
        #expect(second.session.keyName != first.session.keyName)
    }

    @Test("a ticket of the newest key is given again in TLS 1.3 only")
    func aTicketOfTheNewestKeyIsGivenAgainInTLS13Only() throws {
        let context = try Fixtures.server(keys: keys())
        let old = ResumingClient(version: TLS1_2_VERSION)
        let first = try old.connect(context)
        #expect(try old.connect(context, resuming: first.session).session.ticket == first.session.ticket)
        let new = ResumingClient(version: TLS1_3_VERSION)
        let second = try new.connect(context)
        #expect(try new.connect(context, resuming: second.session).session.ticket != second.session.ticket)
    }

    @Test("a ticket is good for another context with the same keys", arguments: ResumingClient.versions)
    func aTicketIsGoodForAnotherContextWithTheSameKeys(version: CInt) throws {
        let keys = try keys()
        let client = ResumingClient(version: version)
        let first = try client.connect(Fixtures.server(keys: keys))
        let second = try client.connect(Fixtures.server(keys: keys), resuming: first.session)
        #expect(second.isResumed == true)
    }

    @Test("a ticket of one event loop is good on another", arguments: ResumingClient.versions)
    func aTicketOfOneEventLoopIsGoodOnAnother(version: CInt) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let context = try Fixtures.server()
        let client = ResumingClient(version: version)
        let session = try await group.next().submit { try client.connect(context).session }.get()
        let isResumed = try await group.next().submit { try client.connect(context, resuming: session).isResumed }.get()
        #expect(isResumed == true)
        try await group.shutdownGracefully()
    }

    @Test("the ring turns by time and keeps as many as it was told")
    func theRingTurnsByTimeAndKeepsAsManyAsItWasTold() throws {
        let keys = try keys()
        var seen: [[UInt8]] = []
        for turn in 0..<6 {
            let ring = keys.current()
            seen.insert(Array(try #require(ring.keys.first).name), at: 0)
            #expect(ring.keys.map { Array($0.name) } == Array(seen.prefix(4)))
            clock.advance(by: turn % 2 == 0 ? .hours(12) : .hours(13))
        }
        #expect(Set(seen).count == 6)
        clock.advance(by: .hours(24))
        try keys.refresh()
        #expect(keys.current().keys.count == 2)
        clock.advance(by: .hours(24 * 365))
        #expect(keys.current().keys.count == 1)
    }

    @Test("without randomness the old key goes on")
    func withoutRandomnessTheOldKeyGoesOn() throws {
        let isBroken = NIOLockedValueBox(false)
        let keys = try TLSTicketKeys(clock: { [clock] in clock.now }) { bytes in
            !isBroken.withLockedValue { $0 } && TLSTicketKeys.systemRandom(bytes)
        }
        let before = keys.current().keys.map { Array($0.name) }
        isBroken.withLockedValue { $0 = true }
        clock.advance(by: .hours(13))
        #expect(keys.current().keys.map { Array($0.name) } == before)
        isBroken.withLockedValue { $0 = false }
        #expect(keys.current().keys.count == 2)
        #expect(throws: TLSError.self) { try TLSTicketKeys(random: { _ in false }) }
    }

    @Test("a key is wiped and freed with the last that uses it")
    func aKeyIsWipedAndFreedWithTheLastThatUsesIt() throws {
        let keys = try keys()
        weak let old = keys.current().keys.first
        #expect(old != nil)
        clock.advance(by: .hours(48))
        try keys.refresh()
        #expect(old == nil)
    }

    @Test("contexts let go of their keys")
    func contextsLetGoOfTheirKeys() throws {
        weak var held: TLSTicketKeys?
        func use() throws {
            let keys = try keys()
            held = keys
            _ = try ResumingClient(version: TLS1_3_VERSION).connect(Fixtures.server(keys: keys))
            #expect(held != nil)
        }
        try use()
        #expect(held == nil)
    }

    private func keys() throws -> TLSTicketKeys {
        try TLSTicketKeys(clock: { [clock] in clock.now })
    }
}
