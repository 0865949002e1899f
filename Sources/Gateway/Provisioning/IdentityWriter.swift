import GatewayConfiguration
import Glibc
import NIOOpenSSL

/// Writes an identity into a directory: `fullchain.pem` for all to read, `privkey.pem` for its owner alone.
package struct IdentityWriter: Sendable {
    /// Why a file could not be written.
    package enum WriteError: Error, Sendable, Hashable {
        /// The file is there already.
        case exists(String)
        /// Something else; the words are the system's.
        case cannotWrite(String, reason: String)
    }

    private let directory: String
    private let overwrites: Bool

    /// Describes where to write.
    ///
    /// - Parameters:
    ///   - directory: The directory; it must exist, but for its last component.
    ///   - overwrites: Whether files that are there are replaced.
    package init(directory: String, overwrites: Bool) {
        self.directory = directory
        self.overwrites = overwrites
    }

    /// Writes both files, or neither where nothing is overwritten.
    package func write(certificateChainPEM: [UInt8], privateKeyPEM: [UInt8]) throws(WriteError) -> CertificateFiles {
        let files = CertificateFiles(
            certificate: FilePath.absolute("fullchain.pem", from: directory),
            key: FilePath.absolute("privkey.pem", from: directory)
        )
        if mkdir(directory, 0o755) != 0, errno != EEXIST {
            throw IdentityWriter.failure(directory)
        }
        if !overwrites {
            for path in [files.key, files.certificate] where access(path, F_OK) == 0 { throw .exists(path) }
        }
        // The key comes first: a certificate without its key is of no use to anybody.
        try write(privateKeyPEM, to: files.key, mode: 0o600)
        do {
            try write(certificateChainPEM, to: files.certificate, mode: 0o644)
        } catch {
            if !overwrites { unlink(files.key) }
            throw error
        }
        return files
    }

    /// Writes beside the file and renames, so that no reader ever sees half of it or another one's permissions.
    private func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(WriteError) {
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw IdentityWriter.failure(path) }
        let isWritten =
            fchmod(descriptor, mode) == 0
            && bytes.withUnsafeBytes { DescriptorWriting.writeAll($0, to: descriptor) } && fsync(descriptor) == 0
        let failure = IdentityWriter.failure(path)
        guard close(descriptor) == 0, isWritten else {
            unlink(draft)
            throw failure
        }
        // A link fails where a rename would replace what has come into being since it was looked for.
        let isInPlace = overwrites ? rename(draft, path) == 0 : link(draft, path) == 0
        let reason = errno
        if !overwrites || !isInPlace { unlink(draft) }
        if !isInPlace {
            throw reason == EEXIST ? .exists(path) : .cannotWrite(path, reason: String(cString: strerror(reason)))
        }
    }

    private static func failure(_ path: String) -> WriteError {
        .cannotWrite(path, reason: String(cString: strerror(errno)))
    }
}

extension IdentityWriter.WriteError: CustomStringConvertible {
    /// Which file, why, and what to do.
    package var description: String {
        switch self {
        case .exists(let path): "\(path) is there already; --force replaces it"
        case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)"
        }
    }
}
