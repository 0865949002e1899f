import ArgumentParser
import Gateway
import Logging

/// `serve`: the gateway itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve HTTPS until told to stop.",
        discussion: """
            Reads the configuration, says all that is wrong with it at once, and serves. SIGTERM or SIGINT ends it: \
            nothing new is accepted, what is under way has ten seconds to finish. A second signal ends it at once.

            Certificates, tokens, secrets and limits are taken anew when their files or the configuration change, and on \
            SIGHUP, without dropping a connection. What does not hold as a whole changes nothing, and the log says why. \
            The addresses, threads, accessLog and log are taken at a restart.

            Exit codes: 0 after an orderly end, 69 if an address cannot be listened on, 71 if the system gives too few \
            descriptors, threads or memory, 77 if listening needs a permission, 78 if the configuration or a \
            certificate cannot be used.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "A Unix socket, to be made, at which a gateway that is started with --take-over gets the listening sockets.",
            valueName: "path"
        )
    )
    var handover: String?

    @Flag(
        help: ArgumentHelp(
            "Take the place of the gateway that offers its listening sockets at --handover: no caller is turned away, and "
                + "it drains."
        )
    )
    var takeOver = false

    func validate() throws {
        guard handover != nil || !takeOver else {
            throw ValidationError("--take-over needs --handover, the path that the running gateway was given")
        }
    }

    func run() async throws {
        let surroundings = try ServiceEnvironment.take()
        let configuration = try options.load()
        let logger = GatewayLog.logger(level: configuration.logLevel, format: configuration.log)
        do {
            try await serve(configuration, surroundings, logger)
        } catch {
            guard configuration.log == .json, let failure = Failure(error) else { throw error }
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
        let service = GatewayService(
            state: try ServingState(
                configuration: configuration,
                identities: try configuration.loadIdentities()
            ),
            source: StateSource(path: options.config),
            succession: Succession(
                sockets: surroundings.sockets,
                handoverPath: handover,
                takesOver: takeOver
            ),
            notifier: surroundings.notifier,
            logger: logger
        )
        try await SignalledRun.run([service], hangUp: { service.reload() }, logger: logger)
    }
}
