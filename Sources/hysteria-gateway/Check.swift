import ArgumentParser
import Gateway

/// `check`: what `serve` would reject, and what will stop working later.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration and everything that it depends on, without serving.",
        discussion: """
            Checks every key and value, the permissions of every file and of the directories above it, the certificates \
            with their chains, keys, names and expiry, the addresses and the processes that use them, and whether Hysteria \
            answers. Prints one line for each result: ok, warning or failure, and a summary. Changes nothing.

            Run it as the user that serves; root can read what that user may not:

              sudo -u hysteria-gateway hysteria-gateway check --name my.site.com

            With --serving it is a health check, for containers for example: it only asks the gateway that runs on this \
            machine whether it serves, and prints one line for each address.

            Exit codes: 0 if nothing failed, 1 if anything did; a warning is not a failure.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp(
            "A host name that callers use; a certificate must cover it. May be repeated.",
            valueName: "host"
        )
    )
    var names: [String] = []

    @Flag(help: "Health check: only ask the running gateway whether it serves at each of its addresses.")
    var serving = false

    @Flag(help: "Print one JSON object: the results, and the number of each kind.")
    var json = false

    func validate() throws {
        guard names.isEmpty || !serving else {
            throw ValidationError("--serving checks no certificate: leave out --name, or run check twice")
        }
    }

    func run() async throws {
        let results =
            serving
            ? await ServingCheck(path: options.config).run()
            : await ConfigurationCheck(path: options.config, names: names).run()
        let report = CheckReport(configuration: options.config, results: results)
        Terminal.print(json ? report.json : report.text(hasColours: Terminal.hasColours))
        if report.count(of: .failure) > 0 { throw ExitCode.failure }
    }
}
