import NIOOpenSSL

/// All that keeps certificates from being used, at once.
public struct IdentityErrors: Error, Sendable, CustomStringConvertible {
    /// The errors, each where the configuration names the file; at least one.
    public let errors: [ConfigurationProblem]

    /// Whether all of it may be a renewal that has not written all of its files yet.
    public let isIncomplete: Bool

    /// The errors, one per line.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

extension CertificateFiles {
    /// Reads the identity and makes sure that OpenSSL serves with it.
    public func load() throws(TLSError) -> TLSIdentity {
        let identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
        try identity.verifyAcceptance()
        return identity
    }

    /// What is wrong, where the configuration names the file.
    func problem(_ error: TLSError) -> ConfigurationProblem {
        let isOfKey = error.file == key && key != certificate || error.kind == .privateKey || error.kind == .keyMismatch
        let place = isOfKey ? keyPlace : certificatePlace
        return ConfigurationProblem(
            file: place?.file ?? (isOfKey ? key : certificate),
            line: place?.line,
            key: place?.key,
            found: "\(error)",
            advice: error.advice
        )
    }
}

extension Configuration {
    /// Reads the certificates and keys that callers get.
    public func loadIdentities() throws(IdentityErrors) -> TLSIdentitySet {
        var identities: [TLSIdentity] = []
        var errors: [ConfigurationProblem] = []
        var isIncomplete = true
        for files in certificates {
            do throws(TLSError) {
                identities.append(try files.load())
            } catch {
                errors.append(files.problem(error))
                isIncomplete = isIncomplete && error.isIncomplete
            }
        }
        guard errors.isEmpty else { throw IdentityErrors(errors: errors, isIncomplete: isIncomplete) }
        do throws(TLSError) {
            return try TLSIdentitySet(identities)
        } catch {
            throw IdentityErrors(errors: [certificates[0].problem(error)], isIncomplete: false)
        }
    }
}

extension TLSError {
    /// Whether a renewal looks like this while it writes one file after the other.
    fileprivate var isIncomplete: Bool { kind == .keyMismatch || content == .empty }
}
