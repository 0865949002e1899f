import ArgumentParser
import Gateway

/// `check`: all that `serve` would refuse, and what would bite later.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration and all that it depends on, without serving.",
        discussion: """
            Looks at every key and value, every directory on the way to every file, the certificates with their keys, \
            the time that is left to them and the names they are for, the addresses and who holds them, and asks \
            Hysteria. Prints one line for each thing: ok, warning or failure. Nothing is changed.

            Check as the user who serves; root may read what that user may not:

              sudo -u hysteria-gateway hysteria-gateway check --name my.site.com

            Exit codes: 0 if nothing failed, 1 if anything did.
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

    func run() async throws {
        let results = await ConfigurationCheck(path: options.config, names: names).run()
        for result in results { Terminal.print("\(result)") }
        if results.contains(where: { $0.verdict == .failure }) { throw ExitCode.failure }
    }
}
