import Glibc
import NIOCore
import NIOPosix

/// Looks for a proof as an authority does, at the addresses that DNS has for a name. Seen, it proves that DNS, firewalls, forwarding and the
/// gateway work together.
///
/// The proof is one that is made up (``Proof/madeUp(for:_:)``). Whoever calls this writes it into the folder of proofs before, from which a
/// running gateway shows it, and removes it afterwards.
package struct ProofProbe: Sendable {
    /// Where an authority asks; others in tests.
    package struct Ports: Sendable {
        package var tls = 443
        package var http = 80

        package init() {}
    }

    /// As many as an authority follows.
    private static let redirectLimit = 10

    private let connection: ProbeConnection
    private let ports: Ports
    private let clock: any KeeperClock
    /// How often something else may be seen, with a second between: a gateway reads the folder a moment after it has changed.
    private let attempts: Int

    package init(
        eventLoop: any EventLoop,
        clock: any KeeperClock,
        ports: Ports = Ports(),
        limit: TimeAmount = .seconds(10),
        attempts: Int = 8
    ) {
        connection = ProbeConnection(eventLoop: eventLoop, limit: limit)
        self.clock = clock
        self.ports = ports
        self.attempts = attempts
    }

    /// Asks each address for a proof of tls-alpn-01 or http-01; records of DNS are not asked for.
    package func run(for proof: Proof, at addresses: [HostAddress]) async -> [SurveyFinding] {
        guard proof.kind != .dns else { return [] }
        var findings: [SurveyFinding] = []
        for address in addresses { findings.append(await run(for: proof, at: address)) }
        return findings
    }

    private func run(for proof: Proof, at address: HostAddress) async -> SurveyFinding {
        var finding = await ask(proof, address)
        for _ in 1..<max(1, attempts) where finding.verdict == .failure {
            await clock.sleep(1)
            finding = await ask(proof, address)
        }
        return finding
    }

    private func ask(_ proof: Proof, _ address: HostAddress) async -> SurveyFinding {
        proof.kind == .tls ? await askByHandshake(proof, address) : await askByRequest(proof, address)
    }

    // MARK: tls-alpn-01

    private func askByHandshake(_ proof: Proof, _ address: HostAddress) async -> SurveyFinding {
        let place = place(proof, address, ports.tls)
        let question = ProbeConnection.Question.handshake(serverName: proof.identifier.validationServerName)
        switch await connection.ask(question, at: address, port: ports.tls) {
        case .handshake("acme-tls/1", let certificate?):
            // As an authority compares it: for this identifier and for no other one (RFC 8737, 3).
            let names = certificate.names.map { try? Identifier($0) }
            guard names == [proof.identifier], let digest = certificate.validationDigest else {
                return .failure(
                    "\(place) shows a certificate that is no proof for it, of \(certificate.names.joined(separator: ", "))"
                        .asLine
                )
            }
            guard digest == KeyAuthorization.digest(of: proof.keyAuthorization) else {
                return .warning("\(place) shows another proof: is an order under way, or is another ACME client there?")
            }
            return .ok("\(place) shows the proof that was asked for: an authority will see it too")
        case .handshake:
            return .failure("\(place) speaks TLS without agreeing on acme-tls/1: \(Self.another)")
        case .response: return .failure("\(place) answers something else: \(Self.another)")
        case .unfit(let error):
            return .failure("\(place) does not show the proof (\(Self.words(error))): \(Self.another)")
        case .none(let error): return silence(place, error)
        }
    }

    // MARK: http-01

    private func askByRequest(_ proof: Proof, _ address: HostAddress) async -> SurveyFinding {
        let place = place(proof, address, ports.http)
        var target = ProbeTarget(proof)
        for _ in 0...Self.redirectLimit {
            let question = ProbeConnection.Question.request(
                bytes: ByteBuffer(string: target.request),
                serverName: target.isSecured ? target.host.value : nil
            )
            let port = target.port == 443 ? ports.tls : ports.http
            switch await connection.ask(question, at: address, port: port) {
            case .response(200, _, let body):
                // Blanks at the end are allowed (RFC 8555, 8.3).
                let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
                guard Array(body.reversed().drop(while: isBlank).reversed()) == Array(proof.keyAuthorization.utf8)
                else {
                    return .failure("\(place) answers something else than the proof: \(Self.another)")
                }
                return .ok("\(place) shows the proof that was asked for: an authority will see it too")
            case .response(301...303, let location?, _), .response(307...308, let location?, _):
                guard let next = target.following(location), next.port == 443 || next.port == 80 else {
                    return .failure(
                        "\(place) redirects to '\(location.prefix(200))', where no authority follows: it goes to http on port 80 and to https "
                            + "on port 443".asLine
                    )
                }
                guard next.host == proof.identifier else {
                    return .warning(
                        "\(place) redirects to \(next.host.value), where an authority will look for the proof; here nobody did"
                    )
                }
                target = next
            case .response(let status, _, _): return .failure("\(place) answers with status \(status): \(Self.another)")
            case .handshake: return .failure("\(place) answers something else: \(Self.another)")
            case .unfit(let error):
                return .failure("\(place) does not show the proof (\(Self.words(error))): \(Self.another)")
            case .none(let error): return silence(place, error)
            }
        }
        return .failure("\(place) redirects more than \(Self.redirectLimit) times, and no authority follows so far")
    }

    // MARK: Words

    private static let another = "is this gateway running, and does this port lead to it, or to another server?"

    private func place(_ proof: Proof, _ address: HostAddress, _ port: Int) -> String {
        "\(proof.identifier.value): \(proof.kind.rawValue) at \(address.description(port: port))"
    }

    private func silence(_ place: String, _ error: any Error) -> SurveyFinding {
        .warning(
            "\(place) cannot be tried from here (\(Self.words(error))): a router that does not lead back inside (no hairpin NAT) is no fault; "
                + "else look at the firewall and at port forwarding"
        )
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
        case ChannelError.connectTimeout(let limit): "no answer within \(limit.nanoseconds / 1_000_000_000) s"
        default: "\(error)".asLine
        }
    }
}
