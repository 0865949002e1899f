import NIOCore
import Text

/// Asks for proofs as an authority does, on the event loop of the simulator.
final class ProofValidator {
    private let configuration: AuthoritySimulator.Configuration
    private let eventLoop: any EventLoop
    /// Values of TXT records by their names, without a final dot.
    var records: [String: [String]] = [:]
    private(set) var validations: [SimulatedValidation] = []

    init(_ configuration: AuthoritySimulator.Configuration, on eventLoop: any EventLoop) {
        self.configuration = configuration
        self.eventLoop = eventLoop
    }

    /// What is wrong with the proof; nil if it is good.
    func validate(_ proof: ProofRequest) -> EventLoopFuture<SimulatedProblem?> {
        let address =
            AddressText.bytes(of: proof.identifier) == nil
            ? configuration.resolve(proof.identifier) : proof.identifier
        let found: EventLoopFuture<SimulatedProblem?>
        if proof.kind == "dns-01" {
            found = eventLoop.makeSucceededFuture(validateRecords(proof))
        } else if let address {
            found =
                proof.kind == "http-01"
                ? HTTPValidation(proof, configuration, on: eventLoop).run(at: address)
                : TLSValidation(proof, configuration, on: eventLoop).run(at: address)
        } else {
            found = eventLoop.makeSucceededFuture(
                SimulatedProblem("dns", "DNS problem: NXDOMAIN looking up A for \(proof.identifier)")
            )
        }
        found.assumeIsolated().whenSuccess { problem in
            self.validations.append(
                SimulatedValidation(kind: proof.kind, identifier: proof.identifier, problem: problem)
            )
        }
        return found
    }

    /// RFC 8555, 8.4.
    private func validateRecords(_ proof: ProofRequest) -> SimulatedProblem? {
        let name = "_acme-challenge.\(proof.identifier)"
        let wanted = Base64.encodeForURL(Digest.sha256(Array(proof.keyAuthorization.utf8)))
        let values = configuration.textRecords(name) + records[name, default: []]
        guard !values.isEmpty else { return SimulatedProblem("dns", "No TXT record found at \(name)", status: 403) }
        guard values.contains(wanted) else {
            return .unauthorized("Incorrect TXT record found at \(name)")
        }
        return nil
    }
}
