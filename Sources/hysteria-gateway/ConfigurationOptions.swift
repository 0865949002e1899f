import ArgumentParser
import Gateway

/// The options of every subcommand that reads the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String = Configuration.defaultPath

    /// Reads the configuration, or prints all that is wrong with it and exits.
    func load() throws -> Configuration {
        do throws(ConfigurationErrors) {
            return try Configuration.load(path: config)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.badConfiguration
        }
    }
}
