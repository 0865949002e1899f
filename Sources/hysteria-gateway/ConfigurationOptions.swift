import ArgumentParser
import Gateway
import GatewayConfiguration

/// The options of every subcommand that reads the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String = Configuration.defaultPath

    /// Reads the configuration.
    func load() throws(ConfigurationError) -> Configuration {
        try Configuration.load(path: config)
    }
}
