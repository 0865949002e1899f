import GatewayConfiguration
import NIOCore
import NIOOpenSSL

/// Checks that a gateway serves at every address of a configuration, now: the health check of a container.
///
/// The rest of the configuration does not matter: a running gateway keeps its configuration when the file has an error.
package struct ServingCheck: Sendable {
    /// An address and how to ask there.
    struct Question: Sendable, Hashable {
        let address: SocketAddress
        /// Whether callers have to show a certificate there.
        let asksForCertificate: Bool
    }

    private let path: String
    private let environment: ConfigurationEnvironment
    private let probe: @Sendable (Question, TLSConfiguration) async -> ServingProbe.Outcome

    /// Describes a check of the gateway that serves by the configuration at `path`.
    package init(path: String) {
        self.init(path: path, environment: .system()) { question, negotiation in
            await ServingProbe.ask(
                question.address,
                negotiation: negotiation,
                expectsRefusal: question.asksForCertificate
            )
        }
    }

    init(
        path: String,
        environment: ConfigurationEnvironment,
        probe: @escaping @Sendable (Question, TLSConfiguration) async -> ServingProbe.Outcome
    ) {
        self.path = path
        self.environment = environment
        self.probe = probe
    }

    /// One result for each address, or why there are none.
    package func run() async -> [CheckResult] {
        let reader = ConfigurationReader(path: path, environment: environment)
        guard let values = reader.read(), let addresses = values[ListenAddresses.self]?.all,
            values[RedirectSection.self] != nil
        else {
            let problems = reader.problems.error?.problems ?? []
            return problems.map { .failure("\($0)") }
        }
        let negotiation = (values[TLSSection.self] ?? TLSSettings()).negotiation
        var results: [CheckResult] = []
        let settings = values[ListenSection.self]
        let common = values[ClientCertificatesSection.self] ?? nil
        for (index, address) in addresses.enumerated() {
            let asks = settings?[index].requiresCertificate(common) ?? false
            results.append(await result(address, asksForCertificate: asks, negotiation))
        }
        return results
    }

    private func result(
        _ address: ListenAddress,
        asksForCertificate: Bool,
        _ negotiation: TLSConfiguration
    ) async -> CheckResult {
        guard address.port != 0 else {
            return .failure(
                "listen \(address): the system chose a port that the configuration does not name; write one"
            )
        }
        var outcome = ServingProbe.Outcome.fails("is no address of this machine")
        for host in address.hostsToAsk {
            guard let socket = try? SocketAddress(ipAddress: host, port: address.port) else { continue }
            outcome = await probe(Question(address: socket, asksForCertificate: asksForCertificate), negotiation)
            guard case .fails = outcome else { break }
        }
        return switch outcome {
        case .serves: .ok("listen \(address): serves")
        case .asksForCertificate: .ok("listen \(address): serves, and asks callers for a certificate")
        case .fails(let reason): .failure("listen \(address): \(reason)")
        }
    }
}

extension ListenAddress {
    /// Where a process of the same machine finds it, the likeliest first.
    fileprivate var hostsToAsk: [String] {
        switch host {
        // Without IPv4 the first one fails.
        case nil: ["127.0.0.1", "::1"]
        case "0.0.0.0": ["127.0.0.1"]
        case "::": ["::1"]
        case let host?: [host]
        }
    }
}

extension ListenSettings {
    /// Whether callers without a certificate are refused here.
    ///
    /// - Parameter common: What holds for the gateway.
    fileprivate func requiresCertificate(_ common: ClientCertificateFiles?) -> Bool {
        switch clientCertificates {
        case .own(let files): files.isRequired
        case .inherited: common?.isRequired ?? false
        case .notAsked: false
        }
    }
}
