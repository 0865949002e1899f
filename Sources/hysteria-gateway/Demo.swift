import ArgumentParser
import Gateway
import HysteriaSimulator
import HysteriaStats

/// `demo`: the gateway with a simulated Hysteria.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway with a simulated Hysteria, to try it out.",
        discussion: """
            Needs no configuration, no Hysteria and no certificate. It simulates users with changing figures, creates a \
            self-signed certificate for localhost and a token, and prints the address of the page and curl commands to try. \
            It listens on 127.0.0.1 only. Ctrl-C ends it.

            Exit codes: 0 when it is ended, 69 if the port cannot be bound, 71 if the system does not provide enough file \
            descriptors, threads or memory, 73 if the folder for the certificate cannot be created.
            """
    )

    @Option(help: "The port on 127.0.0.1.")
    var port: Int = 8443

    @Option(help: "The number of simulated users.")
    var users: Int = 12

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be a number from 0 to 65535") }
        guard (0...100_000).contains(users) else { throw ValidationError("--users must be a number from 0 to 100000") }
    }

    func run() async throws {
        let logger = GatewayLog.logger(level: .warning)
        let demo = DemoGateway(
            port: port,
            logger: logger,
            startHysteria: { [users] secret in
                // Any seed will do, as long as each run shows the same users.
                let crowd = SimulatedUser.crowd(users, seed: 2)
                let simulator = try await HysteriaSimulator.start(.init(secret: secret, users: crowd, seed: 2))
                return DemoGateway.Hysteria(address: simulator.address, users: crowd.map(\.counters)) {
                    await simulator.shutDown()
                }
            },
            print: { Terminal.print($0) }
        )
        try await demo.run()
    }
}

extension SimulatedUser {
    /// What Hysteria's counters say of the user at the start.
    fileprivate var counters: TrafficAnswer.Entry { TrafficAnswer.Entry(user: name, tx: tx, rx: rx) }
}
