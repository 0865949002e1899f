import GatewayConfiguration
import NIOOpenSSL

/// Where an identity comes from: who names its files, or makes it.
package protocol IdentitySource: Sendable {
    /// What the operator calls the certificate: its file, as results of `check` and warnings name it.
    var name: String { get }

    /// The absolute paths of all that the identity depends on, whether something lies there or not. When one of them changes, it
    /// is loaded again.
    var files: Set<String> { get }

    /// Loads the identity, and makes sure that OpenSSL serves with it.
    func load() throws(TLSError) -> TLSIdentity

    /// What keeps it from being loaded, where the configuration names the source.
    func problem(_ error: TLSError) -> ConfigurationProblem
}

extension Configuration {
    /// Where the identities come from that callers get, the one for unknown names first.
    var identitySources: [any IdentitySource] { certificates.map(\.identitySource) }

    /// Loads what callers get.
    package func loadIdentities() throws(IdentityErrors) -> TLSIdentitySet {
        let sources = identitySources
        var identities: [TLSIdentity] = []
        var errors: [ConfigurationProblem] = []
        var isIncomplete = true
        for source in sources {
            do throws(TLSError) {
                identities.append(try source.load())
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
}
