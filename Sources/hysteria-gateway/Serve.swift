import ACME
import ArgumentParser
import Gateway
import GatewayConfiguration
import Ledger
import Logging

/// `serve`: the gateway itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve HTTPS until told to stop.",
        discussion: """
            Reads the configuration, reports all errors at once, and serves. SIGTERM or SIGINT shuts down gracefully: no new \
            connection is accepted, in-flight requests get ten seconds. A second signal ends the process at once.

            Certificates, tokens, secrets and limits are reloaded when their files or the configuration change, and on \
            SIGHUP, without dropping a connection. An invalid configuration is rejected as a whole: the running one stays in \
            effect and the reason is logged. Changes of the addresses, threads, accessLog and log need a restart.

            Exit codes: 0 after a graceful shutdown, 69 if an address cannot be bound, 71 if the system does not provide \
            enough file descriptors, threads or memory, 77 if binding an address needs a permission, 78 if the configuration \
            or a certificate is unusable.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "The path of a Unix socket to create, where a gateway started with --take-over gets the listening sockets.",
            valueName: "path"
        )
    )
    var handover: String?

    @Flag(
        help: ArgumentHelp(
            "Replace the gateway that offers its listening sockets at --handover, with zero downtime: no connection is "
                + "refused, and the old gateway shuts down gracefully."
        )
    )
    var takeOver = false

    func validate() throws {
        guard handover != nil || !takeOver else {
            throw ValidationError("--take-over needs --handover, with the path that the running gateway uses")
        }
    }

    func run() async throws {
        let surroundings = try ServiceEnvironment.take()
        let configuration = try options.load(awaitingCertificates: true)
        let logger = GatewayLog.logger(level: configuration.logLevel, format: configuration.log)
        do {
            try await serve(configuration, surroundings, logger)
        } catch {
            guard configuration.log == .json, let failure = CommandError(error) else { throw error }
            logger.critical("\(failure.words)")
            throw failure.code
        }
    }

    private func serve(
        _ configuration: Configuration,
        _ surroundings: ServiceEnvironment,
        _ logger: Logger
    ) async throws {
        let listeners = configuration.listen.count + (configuration.redirect == nil ? 0 : 1)
        try StartingResources(eventLoops: configuration.threads, listeners: listeners).claim()
        let proofs = ProofTable()
        let service = GatewayService(
            state: try ServingState(
                configuration: configuration,
                identities: try configuration.loadIdentities(awaitingFiles: true),
                challenges: proofs
            ),
            source: StateSource(path: options.config),
            inheritance: ListenerInheritance(
                sockets: surroundings.sockets,
                handoverPath: handover,
                takesOver: takeOver
            ),
            notifier: surroundings.notifier,
            ledgerZone: try configuration.ledger.map { try LedgerZone.adopt(for: $0) },
            proofs: proofs,
            logger: logger
        )
        try await SignalledRun.run([service], hangUp: { service.reload() }, logger: logger)
    }
}
