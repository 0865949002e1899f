import NIOOpenSSL

/// All that keeps certificates from being used, at once.
public struct IdentityErrors: Error, Sendable, CustomStringConvertible {
    /// The errors; at least one.
    public let errors: [TLSError]

    /// The errors, one per line.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

extension Configuration {
    /// Reads the certificates and keys that callers get.
    public func loadIdentities() throws(IdentityErrors) -> TLSIdentitySet {
        var identities: [TLSIdentity] = []
        var errors: [TLSError] = []
        for files in certificates {
            do throws(TLSError) {
                identities.append(try TLSIdentity(certificateFile: files.certificate, keyFile: files.key))
            } catch {
                errors.append(error)
            }
        }
        guard errors.isEmpty else { throw IdentityErrors(errors: errors) }
        do throws(TLSError) {
            return try TLSIdentitySet(identities)
        } catch {
            throw IdentityErrors(errors: [error])
        }
    }
}
