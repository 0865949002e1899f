import NIOOpenSSL
import Testing

@testable import ACME

/// What tests of the store keep in it.
struct StoreScene {
    /// A certificate with its key, and what is known of it.
    struct Issue {
        let chain: [UInt8]
        let key: [UInt8]
        let record: CertificateRecord
    }

    static let folder = "/acme"
    static let authority = AuthoritySettings(directory: "https://ca.example/directory", name: "ca")
    static let place = StorePlace(authority, [.name("my.example.org")])
    static let accountURL = "https://ca.example/account/1"

    /// Made once: a key takes its time.
    static let issues = Result { try (1...6).map(issue) }
    static let accountKey = Result { try CertificateKey().pem }

    static func issue(_ number: Int) throws -> Issue {
        let identity = try TLSIdentity.throwaway(names: ["my.example.org"])
        let record = CertificateRecord(
            identifiers: place.identifiers,
            authority: authority.directory,
            account: accountURL,
            certificate: IssuedCertificate(
                serial: identity.leaf.serial,
                certID: "a.b",
                notBefore: identity.leaf.notBefore,
                notAfter: identity.leaf.notAfter
            ),
            issuedAt: 1_795_774_323 + Int64(number) * 86_400
        )
        return Issue(chain: try identity.certificateChainPEM, key: try identity.privateKeyPEM, record: record)
    }

    static func account(known: Bool = true) throws -> StoredAccount {
        let record = AccountRecord(url: accountURL, contact: [], terms: nil, registeredAt: 1)
        return StoredAccount(key: try accountKey.get(), record: known ? record : nil)
    }

    static func order(_ number: Int) -> OrderRecord {
        OrderRecord(
            url: "https://ca.example/order/\(number)",
            identifiers: place.identifiers,
            account: accountURL,
            proof: .tls,
            createdAt: Int64(number)
        )
    }
}
