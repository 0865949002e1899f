import GatewayConfiguration
import NIOOpenSSL

/// Where an identity comes from: who names its files, or makes it.
package protocol IdentitySource: Sendable {
    /// What the operator calls the certificate: its file, as results of `check` and warnings name it.
    var name: String { get }

    /// The absolute paths of all that the identity depends on, whether something lies there or not. When one of them changes, it
    /// is loaded again.
    var files: Set<String> { get }

    /// Whether its own certificate is not there yet, and what is served instead is this.
    func isAwaited(with identity: TLSIdentity) -> Bool

    /// Loads the identity, and makes sure that OpenSSL serves with it.
    func load() throws(TLSError) -> TLSIdentity

    /// What keeps it from being loaded, where the configuration names the source.
    func problem(_ error: TLSError) -> ConfigurationProblem
}

extension IdentitySource {
    package func isAwaited(with identity: TLSIdentity) -> Bool { PlaceholderIdentity.isPlaceholder(identity) }
}

extension Configuration {
    /// Where the identities come from that callers get, the one for unknown names first.
    var identitySources: [any IdentitySource] { certificates.map(\.identitySource) }

    /// Loads what callers get.
    ///
    /// - Parameters:
    ///   - awaits: Whether files that are not there yet, or do not belong together yet, are awaited with a placeholder.
    ///   - former: What was served before: it stands in where it is for the same names.
    package func loadIdentities(
        awaitingFiles awaits: Bool = false,
        after former: TLSIdentitySet? = nil
    ) throws(IdentityErrors) -> TLSIdentitySet {
        let sources = identitySources
        var identities: [TLSIdentity] = []
        var errors: [ConfigurationProblem] = []
        var isIncomplete = true
        for source in sources {
            do throws(TLSError) {
                identities.append(Self.better(try source.load(), former))
            } catch  where awaits && error.mayComeRight {
                guard let placeholder = try? PlaceholderIdentity.identity(for: []) else {
                    errors.append(source.problem(error))
                    continue
                }
                identities.append(placeholder)
            } catch {
                errors.append(source.problem(error))
                isIncomplete = isIncomplete && error.isIncomplete
            }
        }
        guard errors.isEmpty else { throw IdentityErrors(errors: errors, isIncomplete: isIncomplete) }
        do throws(TLSError) {
            return try TLSIdentitySet(identities)
        } catch {
            throw IdentityErrors(errors: [sources[0].problem(error)], isIncomplete: false)
        }
    }

    /// Instead of a placeholder, what was served for its names before: from `certificates` to `acme` nobody sees anything else.
    private static func better(_ identity: TLSIdentity, _ former: TLSIdentitySet?) -> TLSIdentity {
        guard PlaceholderIdentity.isPlaceholder(identity) else { return identity }
        let standIn = former?.identities.first { candidate in
            !PlaceholderIdentity.isPlaceholder(candidate)
                && identity.leaf.names.allSatisfy { candidate.leaf.covers(name: $0) }
        }
        return standIn ?? identity
    }
}

/// All that keeps identities from being used, at once.
package struct IdentityErrors: Error, Sendable, CustomStringConvertible {
    /// The errors, each where the configuration names the source; at least one.
    package let errors: [ConfigurationProblem]

    /// Whether all of it may be a renewal that has not written all of its files yet.
    package let isIncomplete: Bool

    /// The errors, one per line.
    package var description: String { errors.map(\.description).joined(separator: "\n") }
}

extension TLSError {
    /// Whether a renewal looks like this while it writes one file after the other.
    fileprivate var isIncomplete: Bool { kind == .keyMismatch || content == .empty }

    /// Whether it may come right by itself: a renewal is under way, or the file is not there yet.
    fileprivate var mayComeRight: Bool { isIncomplete || kind == .file }
}
