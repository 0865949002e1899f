/// A certificate authority, as it is configured.
package struct AuthoritySettings: Hashable, Sendable {
    /// The URL of its directory; https.
    package var directory: String
    /// How it is called in logs and metrics: `letsencrypt`, or its host.
    package var name: String
    /// A file with what its own server is verified by, instead of what the system trusts.
    package var trust: String?
    package var externalAccount: ExternalAccountSettings?

    package init(
        directory: String,
        name: String,
        trust: String? = nil,
        externalAccount: ExternalAccountSettings? = nil
    ) {
        self.directory = directory
        self.name = name
        self.trust = trust
        self.externalAccount = externalAccount
    }

    /// Let's Encrypt, whose certificates every browser trusts.
    package static let letsEncrypt = AuthoritySettings(
        directory: "https://acme-v02.api.letsencrypt.org/directory",
        name: "letsencrypt"
    )
    /// Let's Encrypt for tests: nobody trusts its certificates, and its limits are wide.
    package static let letsEncryptStaging = AuthoritySettings(
        directory: "https://acme-staging-v02.api.letsencrypt.org/directory",
        name: "letsencrypt-staging"
    )

    /// How its folder is called: the URL without its scheme, and each character that a path does not take as `-`. Staging has
    /// another folder than production, and neither is ever taken for the other.
    package var folderName: String {
        let text = directory.hasPrefix("https://") ? directory.dropFirst(8) : directory[...]
        let name = String(
            text.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    Character(Unicode.Scalar(byte))
                default: "-"
                }
            }
        )
        return name.hasPrefix(".") ? "-" + name : name
    }
}

/// An account that the operator has with an authority (RFC 8555, 7.3.4).
package struct ExternalAccountSettings: Hashable, Sendable {
    package var id: String
    /// The key's bytes. The gateway reads them from a file, and no log has them.
    package var key: [UInt8]

    package init(id: String, key: [UInt8]) {
        self.id = id
        self.key = key
    }
}

extension ExternalAccountSettings: CustomStringConvertible, CustomReflectable {
    package var description: String { "external account \(id)" }

    /// Without the key.
    package var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
