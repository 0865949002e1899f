import ArgumentParser
import Gateway

/// `check`: all that `serve` would refuse, and what would bite later.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration and all that it depends on, without serving.",
        discussion: """
            Looks at every key and value, every directory on the way to every file, the certificates with their keys, \
            the time that is left to them and the names they are for, the addresses and who holds them, and asks \
            Hysteria. Prints one line for each thing: ok, warning or failure, and at the end how many of each. Nothing is \
            changed.

            Check as the user who serves; root may read what that user may not:

              sudo -u hysteria-gateway hysteria-gateway check --name my.site.com

            With --serving it asks a gateway that runs on this machine whether it serves, and nothing else: one line for \
            each address. It is the health check of a container.

            Exit codes: 0 if nothing failed, 1 if anything did; a warning is no failure.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp(
            "A name by which callers will call the gateway; a certificate must cover it. May be repeated.",
            valueName: "host"
        )
    )
    var names: [String] = []

    @Flag(help: "Only ask the running gateway whether it serves, at each of its addresses.")
    var serving = false

    @Flag(help: "Print one JSON object: the results, and how many there are of each kind.")
    var json = false

    func validate() throws {
        guard names.isEmpty || !serving else {
            throw ValidationError("--serving looks at no certificate: leave out --name, or check twice")
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
