import ACME
import ArgumentParser
import Gateway
import GatewayConfiguration
import Logging
import Time

/// `acme`: what a person does with certificates that the gateway gets by itself.
struct ACMECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acme",
        abstract: "Show and order the certificates of the key acme.",
        discussion: """
            Without an option: when each certificate expires, when it is renewed, and why the last attempt failed. Nobody is asked.

            The gateway has to run, as it shows the proofs that the authority asks for. Run it as the user that serves: \
            runuser -u hysteria-gateway -- hysteria-gateway acme --dry-run

            Exit codes: 0 if all is well, 1 if a certificate could not be obtained, 77 if the folder belongs to another user, 78 if the \
            configuration is unusable or has no acme.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Order each certificate from the authority's test server, if it has one, and throw it away.")
    var dryRun = false

    @Flag(help: "Order now what is due, or waits after a failure.")
    var now = false

    @Flag(
        help:
            "With --now: order in any case. Authorities limit how often: Let's Encrypt gives five certificates for the same names in a week."
    )
    var force = false

    func validate() throws {
        guard !(dryRun && now) else { throw ValidationError("--dry-run and --now exclude each other") }
        guard now || !force else { throw ValidationError("--force needs --now") }
    }

    func run() async throws {
        let configuration = try options.load(awaitingCertificates: true)
        guard let settings = configuration.acme else {
            throw CommandError("\(options.config) has no key acme", .badConfiguration)
        }
        let orders = CertificateOrders(settings, logger: GatewayLog.logger(level: .info, format: .text))
        guard dryRun || now else {
            for status in await orders.status() { Terminal.print(status.words) }
            return
        }
        let outcomes: [CertificateOrders.Outcome]
        do {
            outcomes = try await dryRun ? orders.rehearse() : orders.order(force: force)
        } catch {
            throw CommandError("\(error)", .noPermission)
        }
        for outcome in outcomes { Terminal.print(outcome.status.words) }
        if outcomes.contains(where: \.hasFailed) { throw ExitCode.failure }
    }
}

extension CertificateStatus {
    /// One line, and another one for what went wrong.
    fileprivate var words: String {
        var words = identifiers.map(\.value).joined(separator: ", ") + ": "
        switch (state, certificate?.certificate.notAfter) {
        case (_, let end?):
            words += "expires at \(CivilTime(end).internetText)"
            if let renews { words += ", is renewed at \(CivilTime(renews).internetText)" }
            words += " (\(authority.name))"
        case (.dormant, nil): words += "no certificate; the last attempt cannot be repeated with success"
        case (_, nil): words += "no certificate yet"
        }
        if let problem {
            words += "\n  last attempt (failures: \(failures)): \(problem)"
            if let nextAttempt { words += "\n  next attempt: \(CivilTime(nextAttempt).internetText)" }
        }
        return words
    }
}
