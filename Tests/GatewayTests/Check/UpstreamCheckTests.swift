import HysteriaSimulator
import HysteriaStats
import NIOCore
import NIOPosix
import OwnHosts
import Testing

@testable import Gateway

@Suite("A check of the upstream")
struct UpstreamCheckTests {
    private static func check(_ simulator: HysteriaSimulator, secret: String?, timeout: TimeAmount = .minutes(1))
        async throws -> String
    {
        let environment = CheckEnvironment.fake(adapt: { environment in
            environment.ask = { await StatsProbe.ask($0, on: MultiThreadedEventLoopGroup.singleton.any()) }
        })
        let settings = StatsUpstream(
            address: simulator.address,
            secret: try secret.map { try Secret($0) },
            timeout: timeout
        )
        return await UpstreamCheck(settings, environment: environment).result().description
    }

    /// Runs a body with a simulator whose secret is `theirs`.
    private static func withSimulator(_ body: (HysteriaSimulator) async throws -> Void) async throws {
        let simulator = try await HysteriaSimulator.start(.init(secret: try Secret("theirs")))
        do {
            try await body(simulator)
            await simulator.shutDown()
        } catch {
            await simulator.shutDown()
            throw error
        }
    }

    @Test("asks once, changes nothing and closes its connection")
    func answers() async throws {
        try await Self.withSimulator { simulator in
            let result = try await Self.check(simulator, secret: "theirs")
            #expect(result == "ok       Hysteria's stats API at \(simulator.address) answers")
            #expect(await simulator.requests == ["GET /online"])
        }
    }

    @Test("tells a wrong or missing secret apart from other faults, and shows none")
    func secret() async throws {
        try await Self.withSimulator { simulator in
            for secret in ["ours", nil] {
                let result = try await Self.check(simulator, secret: secret)
                #expect(
                    result == "failure  Hysteria's stats API at \(simulator.address) refused the secret; "
                        + "compare it with trafficStats.secret in Hysteria's configuration, "
                        + "and restart Hysteria if that was changed: it is read at its start alone"
                )
            }
        }
    }

    @Test(
        "tells what else is wrong",
        arguments: [
            (SimulatorFault.stall, "did not answer within 100 ms"),
            (.garbage, "gave an answer that cannot be used"),
            (.status(500), "answered with status 500"),
            (.dropInBody, "closed the connection before its answer was complete"),
        ]
    )
    func faults(fault: SimulatorFault, words: String) async throws {
        try await Self.withSimulator { simulator in
            await simulator.set(fault: fault)
            let timeout = fault == .stall ? TimeAmount.milliseconds(100) : .minutes(1)
            let result = try await Self.check(simulator, secret: "theirs", timeout: timeout)
            #expect(result.hasPrefix("failure  Hysteria's stats API at \(simulator.address) \(words)"), "\(result)")
        }
    }

    @Test("tells that nothing listens there")
    func absent() async throws {
        let simulator = try await HysteriaSimulator.start(.init(host: OwnHost.next()))
        await simulator.vanish()
        let result = try await Self.check(simulator, secret: nil)
        #expect(result.hasPrefix("failure  Hysteria's stats API at \(simulator.address) cannot be reached: "))
    }
}
