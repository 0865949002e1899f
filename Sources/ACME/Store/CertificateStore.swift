import Glibc
import JSON
import NIOConcurrencyHelpers
import NIOOpenSSL
import NIOPosix
import Time

/// Accounts, certificates and orders in files: a folder for each authority, and in it one for each certificate.
///
/// ```
/// acme-v02.api.letsencrypt.org-directory/{lock,account.pem,account.json}
/// acme-v02.api.letsencrypt.org-directory/my.site.com/current/{fullchain.pem,privkey.pem}
/// ```
package final class CertificateStore: KeeperStore {
    private struct State {
        var locks: [String: any FileLock] = [:]
        /// What was said already of files that cannot be read.
        var said: Set<FileError> = []
    }

    private let folder: String
    private let group: String?
    private let files: any FileSystem
    private let process: Int32
    private let unreadable: @Sendable (StoreError) -> Void
    /// Held while files are read and written: one thing after another, in one process.
    private let state = NIOLockedValueBox(State())

    /// - Parameters:
    ///   - folder: The folder of all authorities' folders. It is made if need be, but not what it lies in.
    ///   - group: A group that may read certificates and their keys.
    ///   - unreadable: Is told once of each file that cannot be read and is taken for absent.
    package init(
        folder: String,
        group: String? = nil,
        files: any FileSystem = LinuxFileSystem(),
        process: Int32 = getpid(),
        unreadable: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) {
        self.folder = folder
        self.group = group
        self.files = files
        self.process = process
        self.unreadable = unreadable
    }

    // MARK: Authorities

    package func lock(_ authority: AuthoritySettings) async throws(StoreError) -> Bool {
        try await run { (state) throws(FileError) in
            let place = self.place(authority)
            guard state.locks[place.path] == nil else { return true }
            try self.make(place.path)
            guard let lock = try place.lock() else { return false }
            state.locks[place.path] = lock
            return true
        }
    }

    package func unlock(_ authority: AuthoritySettings) async {
        try? await run { (state) throws(FileError) in
            state.locks.removeValue(forKey: self.place(authority).path)?.release()
        }
    }

    package func account(of authority: AuthoritySettings) async throws(StoreError) -> StoredAccount? {
        try await run { (state) throws(FileError) in
            let place = self.place(authority)
            guard let key = try place.accountKey() else { return nil }
            let json = self.readable(&state) { () throws(FileError) in try place.account() }
            return StoredAccount(key: key, record: json.flatMap(AccountRecord.init))
        }
    }

    package func keep(_ account: StoredAccount, of authority: AuthoritySettings) async throws(StoreError) {
        try await run { (_) throws(FileError) in
            let place = self.place(authority)
            try self.make(place.path)
            try place.keep(account: account.record?.json, key: account.key)
        }
    }

    // MARK: Certificates

    package func certificate(in place: StorePlace) async -> CertificateRecord? {
        await read { state in
            let folder = self.place(place)
            let pair = self.readable(&state) { () throws(FileError) in try folder.pair() }
            guard let (chain, key) = pair,
                let leaf = try? TLSIdentity(certificateChainPEM: chain, privateKeyPEM: key).leaf
            else { return nil }
            let json = self.readable(&state) { () throws(FileError) in try folder.record() }
            if let record = json.flatMap(CertificateRecord.init), record.certificate.serial == leaf.serial {
                return record
            }
            return CertificateRecord(of: leaf, from: place.authority)
        }
    }

    package func keep(_ record: CertificateRecord, in place: StorePlace) async throws(StoreError) {
        try await run { (_) throws(FileError) in try self.place(place).keep(record: record.json) }
    }

    package func install(
        chain: [UInt8],
        key: [UInt8],
        record: CertificateRecord,
        in place: StorePlace
    ) async throws(StoreError) {
        try await run { (_) throws(FileError) in
            let folder = self.place(place)
            guard (try? TLSIdentity(certificateChainPEM: chain, privateKeyPEM: key)) != nil else {
                throw FileError("written", folder.path, reason: "the key does not belong to the certificate")
            }
            try self.make(folder.path)
            let name = CivilTime(record.issuedAt).internetText.map { $0 == ":" ? "-" : $0 }
            try folder.install(chain: chain, key: key, record: record.json, name: String(name))
        }
    }

    /// Lets the group read what is in use already: it may have been configured since.
    package func letGroupIn(_ place: StorePlace) async throws(StoreError) {
        try await run { (_) throws(FileError) in try self.place(place).letGroupIn() }
    }

    // MARK: Orders

    package func orderKey(in place: StorePlace) async -> [UInt8]? {
        await read { state in self.readable(&state) { () throws(FileError) in try self.place(place).orderKey() } }
    }

    package func keepOrderKey(_ key: [UInt8], in place: StorePlace) async throws(StoreError) {
        try await write(in: place) { (folder) throws(FileError) in try folder.keep(orderKey: key) }
    }

    package func order(in place: StorePlace) async -> OrderRecord? {
        await read { state in
            self.readable(&state) { () throws(FileError) in try self.place(place).order() }
                .flatMap(OrderRecord.init)
        }
    }

    package func keep(_ order: OrderRecord, in place: StorePlace) async throws(StoreError) {
        try await write(in: place) { (folder) throws(FileError) in try folder.keep(order: order.json) }
    }

    package func dropOrder(in place: StorePlace) async throws(StoreError) {
        try await write(in: place) { (folder) throws(FileError) in try folder.dropOrder() }
    }

    package func attempts(in place: StorePlace) async -> AttemptHistory? {
        await read { state in
            self.readable(&state) { () throws(FileError) in try self.place(place).attempts() }
                .flatMap(AttemptHistory.init)
        }
    }

    package func keep(_ attempts: AttemptHistory, in place: StorePlace) async throws(StoreError) {
        try await write(in: place) { (folder) throws(FileError) in try folder.keep(attempts: attempts.json) }
    }
}

// MARK: Folders and threads

extension CertificateStore {
    private func place(_ authority: AuthoritySettings) -> AuthorityFolder {
        AuthorityFolder(path: "\(folder)/\(authority.folderName)", files: files, group: group, process: process)
    }

    private func place(_ place: StorePlace) -> CertificateFolder {
        CertificateFolder(path: "\(folder)/\(place.folder)", files: files, group: group, process: process)
    }

    /// Makes a folder and those between it and the one of all authorities, and returns when the disk has their names.
    private func make(_ path: String) throws(FileError) {
        var made = folder
        try files.makeFolder(made, .folder(for: group))
        // Others' folders, such as /var/lib, may be closed to this user: then the system writes the name when it likes.
        let above = folder.split(separator: "/").dropLast().joined(separator: "/")
        try? files.syncFolder(folder.hasPrefix("/") ? "/\(above)" : above.isEmpty ? "." : above)
        for name in path.dropFirst(folder.count).split(separator: "/") {
            let above = made
            made += "/\(name)"
            try files.makeFolder(made, .folder(for: group))
            try files.syncFolder(above)
        }
    }

    /// What a file says; nil if it cannot be read, which is said once.
    private func readable<Value>(_ state: inout State, _ read: () throws(FileError) -> Value?) -> Value? {
        do {
            return try read()
        } catch {
            if state.said.insert(error).inserted { unreadable(StoreError(error)) }
            return nil
        }
    }

    private func write(
        in place: StorePlace,
        _ body: @escaping @Sendable (CertificateFolder) throws(FileError) -> Void
    ) async throws(StoreError) {
        try await run { (_) throws(FileError) in
            let folder = self.place(place)
            try self.make(folder.path)
            try body(folder)
        }
    }

    private func read<Value: Sendable>(_ body: @escaping @Sendable (inout State) -> Value?) async -> Value? {
        try? await run { (state) throws(FileError) in body(&state) }
    }

    /// Runs on a thread that may wait for a disk.
    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (inout State) throws(FileError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, FileError>
        do {
            // In a task of its own: a process that ends cancels the others, and what they do last is to keep an order and to unlock.
            result = try await Task {
                try await NIOThreadPool.singleton.runIfActive {
                    self.state.withLockedValue { state in
                        Result { () throws(FileError) in try body(&state) }
                    }
                }
            }.value
        } catch {
            throw StoreError("files in \(folder) are not used any more: the process ends")
        }
        do {
            return try result.get()
        } catch {
            throw StoreError(error)
        }
    }
}

extension CertificateRecord {
    /// What the certificate itself says, where nothing else is known. No account is known to have ordered it.
    fileprivate init(of leaf: TLSCertificate, from authority: AuthoritySettings) {
        self.init(
            identifiers: leaf.names.compactMap { try? Identifier($0) },
            authority: authority.directory,
            account: "",
            certificate: IssuedCertificate(
                serial: leaf.serial,
                certID: IssuedCertificateCheck.certID(of: leaf),
                notBefore: leaf.notBefore,
                notAfter: leaf.notAfter
            ),
            issuedAt: leaf.notBefore
        )
    }
}

extension CertificateStore {
    /// Where the certificate with its chain, and its key, are found by those who serve with them, as soon as there are any.
    ///
    /// - Parameter folder: The folder of all authorities' folders.
    package static func paths(of place: StorePlace, in folder: String) -> (certificate: String, key: String) {
        let current = "\(folder)/\(place.folder)/\(CertificateFolder.link)"
        return ("\(current)/\(CertificateFolder.chainFile)", "\(current)/\(CertificateFolder.keyFile)")
    }
}
