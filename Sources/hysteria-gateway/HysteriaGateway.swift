import ArgumentParser
import Gateway

/// The command: a subcommand for each thing that a person does with the gateway.
struct HysteriaGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hysteria-gateway",
        abstract: "Serves Hysteria 2's traffic stats API over HTTPS, to callers with a token.",
        discussion: """
            The first steps on a server that runs Hysteria 2:

              hysteria-gateway token phone --scopes traffic,online
              hysteria-gateway check --config /etc/hysteria-gateway/config.yaml
              hysteria-gateway serve --config /etc/hysteria-gateway/config.yaml

            To see it work without a server: hysteria-gateway demo
            """,
        version: GatewayVersion.description,
        subcommands: [
            Serve.self, Check.self, Token.self, Certificate.self, ACMECommand.self, LedgerCommand.self, Demo.self,
            Version.self,
        ]
    )
}

/// `version`: the same as `--version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version, with that of OpenSSL.")

    func run() {
        Terminal.print(GatewayVersion.description)
    }
}
