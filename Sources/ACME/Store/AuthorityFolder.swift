import JSON
import NIOCore
import NIOOpenSSL

/// The folder of one authority: its lock, the account, and a folder for each certificate. What came from a test authority lies in another
/// one, and is never taken for the real thing.
struct AuthorityFolder {
    private static let lockFile = "lock"
    private static let accountFile = "account.json"
    static let accountKeyFile = "account.pem"

    let path: String
    let files: any FileSystem
    let group: String?
    let process: Int32

    private func file(_ name: String) -> DurableFile {
        DurableFile(files: files, folder: path, name: name, process: process)
    }

    /// Holds the folder; nil while another process does.
    func lock() throws(FileError) -> (any FileLock)? {
        guard let lock = try files.lock("\(path)/\(Self.lockFile)") else { return nil }
        // Nobody else writes here now, so that a draft is what somebody has left behind.
        for name in (try? files.list(path)) ?? [] {
            if DurableFile.isDraft(name) {
                try? files.remove("\(path)/\(name)")
            } else {
                try? certificate(name).removeDrafts()
            }
        }
        return lock
    }

    func certificate(_ name: String) -> CertificateFolder {
        CertificateFolder(path: "\(path)/\(name)", files: files, group: group, process: process)
    }

    /// The account's key; nil where there is none. One that is there and cannot be read is an error: a new one in its place would lose
    /// the account.
    func accountKey() throws(FileError) -> [UInt8]? {
        guard let key = try file(Self.accountKeyFile).read() else { return nil }
        do {
            _ = try CertificateKey(pem: key, source: "it")
        } catch {
            throw FileError(
                "read",
                "\(path)/\(Self.accountKeyFile)",
                reason: "it is no private key; put it back from a backup, or remove it for a new account"
            )
        }
        return key
    }

    func account() throws(FileError) -> JSONValue? { try file(Self.accountFile).readJSON() }

    /// Keeps an account. Its key is written once and never replaced by another one.
    func keep(account: JSONValue?, key: [UInt8]) throws(FileError) {
        if let there = try accountKey() {
            guard there == key else {
                throw FileError(
                    "written",
                    "\(path)/\(Self.accountKeyFile)",
                    reason: "the key of another account is there"
                )
            }
        } else {
            try file(Self.accountKeyFile).write(key, .secret)
        }
        if let account {
            try file(Self.accountFile).write(Array(buffer: account.encoded), .secret)
        } else {
            try file(Self.accountFile).remove()
        }
    }
}
