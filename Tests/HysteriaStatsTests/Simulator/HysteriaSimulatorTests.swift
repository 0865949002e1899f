import HysteriaSimulator
import HysteriaStats
import NIOCore
import Testing

@Suite struct HysteriaSimulatorTests {
    private static let users = [SimulatedUser(name: "wang", devices: 2, tx: 514, rx: 4017)]
    private static let traffic = #"{"wang":{"tx":514,"rx":4017}}"#

    private func withSimulator<Value>(
        _ users: [SimulatedUser] = Self.users,
        _ body: (HysteriaSimulator) async throws -> Value
    ) async throws -> Value {
        let simulator = try await HysteriaSimulator.start(
            .init(secret: try Secret(SimulatorCase.secret), users: users, now: { 0 })
        )
        do {
            let value = try await body(simulator)
            await simulator.shutDown()
            return value
        } catch {
            await simulator.shutDown()
            throw error
        }
    }

    /// Sends a case and behind it a request that shows whether the connection is still open, and whether `/traffic`
    /// was cleared.
    private func check(_ test: SimulatorCase) async throws {
        try await withSimulator { simulator in
            let port = simulator.address.port
            let probe = SimulatorCase.text("GET /traffic", ["Connection: close"])
            let text = try await RawClient.exchange(Array((test.request + probe).utf8), port: port)
            let responses = RawClient.responses(in: text, firstHasNoBody: test.request.hasPrefix("HEAD"))
            let first = try #require(responses.first)
            #expect(first.status == test.status)
            if let length = test.length { #expect(first.length == length) }
            #expect((responses.count == 1) == test.closes, "\(responses)")
            let after = try await RawClient.exchange(Array(probe.utf8), port: port)
            #expect(RawClient.responses(in: after).last?.body == (test.clears ? "{}" : Self.traffic))
        }
    }

    @Test("endpoints", arguments: SimulatorCase.endpoints)
    func endpoints(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("unknown paths", arguments: SimulatorCase.unknownPaths)
    func unknownPaths(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("malformed targets", arguments: SimulatorCase.malformedTargets)
    func malformedTargets(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("methods", arguments: SimulatorCase.methods)
    func methods(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("clearing", arguments: SimulatorCase.clearing)
    func clearing(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("kicks", arguments: SimulatorCase.kicks)
    func kicks(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("secrets", arguments: SimulatorCase.secrets)
    func secrets(_ test: SimulatorCase) async throws {
        try await check(test)
    }

    @Test("versions and framing", arguments: SimulatorCase.versionsAndFraming)
    func versionsAndFraming(_ test: SimulatorCase) async throws {
        try await check(test)
    }
}
