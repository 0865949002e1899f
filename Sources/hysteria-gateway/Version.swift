import ArgumentParser
import Gateway

/// `version`: the same as `--version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version, with that of OpenSSL.")

    func run() {
        Terminal.print(GatewayVersion.description)
    }
}
