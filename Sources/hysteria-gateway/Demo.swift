import ArgumentParser
import Gateway

/// `demo`: the gateway before a simulated Hysteria.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a simulated Hysteria, to try the gateway out.",
        discussion: """
            Needs no configuration, no Hysteria and no certificate: it makes users whose figures move, a certificate for \
            localhost and a token, and prints a page to open and curl lines to try. It listens on 127.0.0.1 only. \
            Ctrl-C ends it.

            Exit codes: 0 when it is ended, 69 if the port cannot be listened on, 71 if the system gives too few \
            descriptors, threads or memory, 73 if the folder for the certificate cannot be made.
            """
    )

    @Option(help: "The port on 127.0.0.1.")
    var port: Int = 8443

    @Option(help: "How many users the simulated Hysteria has.")
    var users: Int = 12

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535") }
        guard (0...100_000).contains(users) else { throw ValidationError("--users is a number from 0 to 100000") }
    }

    func run() async throws {
        let logger = GatewayLog.logger(level: .warning)
        try await DemoGateway(port: port, users: users, logger: logger) { Terminal.print($0) }.run()
    }
}
