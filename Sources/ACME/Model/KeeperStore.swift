/// Where accounts, certificates and what is under way are kept: files, or a test's memory. All of it is per authority, so that what
/// came from a test authority is never taken for the real thing.
package protocol KeeperStore: Sendable {
    /// Holds an authority's folder until `unlock`; false while another process holds it.
    func lock(_ authority: AuthoritySettings) async throws(StoreError) -> Bool
    func unlock(_ authority: AuthoritySettings) async

    /// Nil where there is none yet. Throws if there is a key that cannot be read: it is never overwritten.
    func account(of authority: AuthoritySettings) async throws(StoreError) -> StoredAccount?
    func keep(_ account: StoredAccount, of authority: AuthoritySettings) async throws(StoreError)

    /// The certificate in use; nil if there is none, or none that can be read with its key.
    func certificate(in place: StorePlace) async -> CertificateRecord?
    /// Replaces what is known of the certificate in use, not the certificate.
    func keep(_ record: CertificateRecord, in place: StorePlace) async throws(StoreError)
    /// Takes a certificate and its key into use, both at once.
    func install(
        chain: [UInt8],
        key: [UInt8],
        record: CertificateRecord,
        in place: StorePlace
    ) async throws(StoreError)

    /// The key of an order that is about to be made, or has been made. Nil as well if the file cannot be read.
    func orderKey(in place: StorePlace) async -> [UInt8]?
    func keepOrderKey(_ key: [UInt8], in place: StorePlace) async throws(StoreError)
    /// The order that is under way.
    func order(in place: StorePlace) async -> OrderRecord?
    func keep(_ order: OrderRecord, in place: StorePlace) async throws(StoreError)
    /// Forgets an order and its key.
    func dropOrder(in place: StorePlace) async throws(StoreError)

    func attempts(in place: StorePlace) async -> AttemptHistory?
    func keep(_ attempts: AttemptHistory, in place: StorePlace) async throws(StoreError)
}

/// Which certificate, of which authority.
package struct StorePlace: Hashable, Sendable {
    package let authority: AuthoritySettings
    /// All that the certificate is for.
    package let identifiers: [Identifier]

    package init(_ authority: AuthoritySettings, _ identifiers: [Identifier]) {
        self.authority = authority
        self.identifiers = identifiers
    }

    /// The folder, below that of all authorities.
    package var folder: String { "\(authority.folderName)/\(identifiers.first?.fileName ?? "-")" }
}

/// An account with its key.
package struct StoredAccount: Hashable, Sendable {
    /// P-256, as PEM.
    package var key: [UInt8]
    /// Nil until the authority knows the key.
    package var record: AccountRecord?

    package init(key: [UInt8], record: AccountRecord?) {
        self.key = key
        self.record = record
    }
}

/// What cannot be read or written.
package struct StoreError: Error, Hashable, CustomStringConvertible {
    /// What failed, on which file, and what to do.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
