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

            Exit codes: 0 after an orderly end, 69 if an address cannot be listened on, 77 if that needs a permission, \
            78 if the configuration or a certificate cannot be used.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.load()
        let logger = GatewayLog.logger(level: configuration.logLevel)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        try await Failure.explaining {
            let service = try GatewayService(
                configuration: configuration,
                identity: try configuration.loadIdentity(),
                logger: logger
            )
            try await SignalledRun.run([service], logger: logger)
        }
    }
}
