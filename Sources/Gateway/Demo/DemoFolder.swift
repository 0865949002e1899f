import GatewayConfiguration
import Glibc

/// The folder in which a demo's certificate lies while it runs, so that clients can check it.
struct DemoFolder: Sendable {
    /// The folder or the file in it could not be made.
    typealias Failure = DemoFolderError

    private let path: String

    /// The certificate's path.
    var certificate: String { FilePath.absolute("certificate.pem", from: path) }

    /// Where the ledger is.
    var ledger: LedgerConfiguration {
        var ledger = LedgerConfiguration(file: FilePath.absolute("ledger.sqlite", from: path))
        ledger.backupFolder = nil
        return ledger
    }

    /// Makes a folder that only this user can enter and puts the certificate there.
    init(certificate pem: [UInt8]) throws {
        let parent = EnvironmentVariables.values(of: ["TMPDIR"])["TMPDIR"] ?? "/tmp"
        var template = Array(FilePath.absolute("hysteria-gateway-demo-XXXXXX", from: parent).utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(doing: "make a folder in \(parent)") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)

        do {
            try Self.write(pem, to: certificate)
        } catch {
            remove()
            throw error
        }
    }

    private static func write(_ pem: [UInt8], to certificate: String) throws(Failure) {
        let descriptor = open(certificate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(doing: "write \(certificate)") }
        defer { close(descriptor) }
        guard pem.withUnsafeBytes({ DescriptorWriting.writeAll($0, to: descriptor) }) else {
            throw Failure(doing: "write \(certificate)")
        }
    }

    /// Removes the folder.
    func remove() {
        unlink(certificate)
        for suffix in ["", "-wal", "-journal"] { unlink(ledger.file + suffix) }
        rmdir(path)
    }
}

/// The folder of a demo, or the file in it, could not be made.
package struct DemoFolderError: Error, CustomStringConvertible {
    /// What could not be done, where, and why.
    package let description: String
}

extension DemoFolderError {
    /// The system's error of the last call.
    fileprivate init(doing what: String) {
        description = "cannot \(what): \(String(cString: strerror(errno)))"
    }
}
