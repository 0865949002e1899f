import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL

/// The proofs that are to be seen, as listeners ask for them: by a handshake (RFC 8737) and by a request (RFC 8555, 8.3).
///
/// All event loops share it. They ask only for what looks like a validation, so that other connections never meet its lock. What
/// a caller sends is looked up and nothing else: no answer is made of it.
package final class ProofTable: TLSChallengeResponder {
    /// Who shows a proof.
    package enum Source: Int, Sendable, CaseIterable {
        /// This process, which orders. Of several proofs for one name, the first of the first source is shown.
        case own
        /// Another process, or the one before this, by the folder of proofs.
        case folder
        /// The Hysteria beside.
        case host
    }

    /// A proof with all that answers it, so that no handshake has to sign a certificate first.
    private struct Entry: Sendable {
        let proof: Proof
        /// For TLS-ALPN-01.
        let context: TLSContext?
        /// For HTTP-01. Without a newline: authorities compare bytes.
        let body: ByteBuffer

        init(_ proof: Proof) throws(TLSError) {
            self.proof = proof
            body = ByteBuffer(string: proof.keyAuthorization)
            let digest = KeyAuthorization.digest(of: proof.keyAuthorization)
            context =
                proof.kind == .tls
                ? try TLSContext.challenge(identity: .validation(for: proof.identifier.value, digest: digest)) : nil
        }
    }

    private struct State: Sendable {
        var entries: [Source: [Entry]] = [:]
        /// How often each was asked for.
        var asked: [Proof: Int] = [:]
        /// By server name.
        var handshakes: [String: Entry] = [:]
        /// By token.
        var requests: [String: [Entry]] = [:]

        mutating func index() {
            handshakes = [:]
            requests = [:]
            for entry in Source.allCases.flatMap({ entries[$0] ?? [] }) {
                switch entry.proof.kind {
                case .tls:
                    let name = entry.proof.identifier.validationServerName
                    handshakes[name] = handshakes[name] ?? entry
                case .http: requests[entry.proof.token, default: []].append(entry)
                case .dns: break
                }
            }
            // Whoever reports a failure asks after the proof has been taken back.
            guard asked.count > ProofTable.limit else { return }
            let shown = Set(entries.values.joined().map(\.proof))
            asked = asked.filter { shown.contains($0.key) }
        }
    }

    /// Of one source. More cannot be wanted at a time.
    private static let limit = 1024

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// Shows these for a source instead of those before. Each can be asked for when this returns.
    ///
    /// - Throws: ``ProofError`` if OpenSSL makes no certificate; nothing has changed.
    package func set(_ proofs: [Proof], of source: Source) throws(ProofError) {
        // Entries that stay keep their certificates: several servers of an authority may be in the middle of asking.
        let known = state.withLockedValue { state in
            Dictionary((state.entries[source] ?? []).map { ($0.proof, $0) }) { first, _ in first }
        }
        var entries: [Entry] = []
        for proof in proofs.prefix(Self.limit) {
            do throws(TLSError) {
                if let entry = known[proof] { entries.append(entry) } else { entries.append(try Entry(proof)) }
            } catch {
                throw ProofError("no certificate can be made to prove \(proof.identifier.value): \(error)")
            }
        }
        state.withLockedValue { state in
            state.entries[source] = entries
            state.index()
        }
    }

    /// How often a proof was asked for.
    package func timesAsked(for proof: Proof) -> Int {
        state.withLockedValue { $0.asked[proof] ?? 0 }
    }

    /// How many proofs are shown.
    package var count: Int {
        state.withLockedValue { $0.entries.values.reduce(0) { $0 + $1.count } }
    }

    // MARK: Answers

    package func challengeContext(for serverName: String) -> TLSContext? {
        guard serverName.utf8.count <= 254 else { return nil }
        var name = serverName.lowercased()
        // Authorities write reverse names with or without it.
        if name.hasSuffix(".") { name.removeLast() }
        return state.withLockedValue { state in
            guard let entry = state.handshakes[name] else { return nil }
            state.asked[entry.proof, default: 0] += 1
            return entry.context
        }
    }

    /// What to answer over HTTP; nil where no validation is awaited.
    ///
    /// - Parameters:
    ///   - token: What stands in the path.
    ///   - host: The name or the address that was asked for, without port and brackets.
    package func answer(toToken token: String, host: String?) -> ByteBuffer? {
        guard let host, host.utf8.count <= 254, token.utf8.count <= 256 else { return nil }
        return state.withLockedValue { state in
            guard let entries = state.requests[token], let identifier = try? Identifier(host),
                let entry = entries.first(where: { $0.proof.identifier == identifier })
            else { return nil }
            state.asked[entry.proof, default: 0] += 1
            return entry.body
        }
    }
}
