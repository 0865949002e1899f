import ArgumentParser
import Gateway
import GatewayConfiguration

/// The options of every subcommand that reads the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String = Configuration.defaultPath

    /// Reads the configuration.
    ///
    /// - Parameter awaits: Whether certificates may still be missing.
    func load(awaitingCertificates awaits: Bool = false) throws(ConfigurationError) -> Configuration {
        var environment = ConfigurationEnvironment.system()
        environment.awaitsCertificates = awaits
        return try Configuration.load(path: config, environment: environment)
    }
}
