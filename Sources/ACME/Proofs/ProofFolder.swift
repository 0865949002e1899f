import NIOCore
import OpenSSLCrypto
import Text

/// The proofs that are to be seen, as files: any process that listens for the same names answers for the one that orders, and so does
/// the one that takes over from it.
///
/// A file is there, on the disk, before the authority is told that it can ask.
package struct ProofFolder: Sendable {
    package let path: String
    private let files: any FileSystem
    private let process: Int32

    package init(path: String, files: any FileSystem = LinuxFileSystem(), process: Int32) {
        self.path = path
        self.files = files
        self.process = process
    }

    /// Writes a proof, and returns when the disk has it. Only the owner can read it until everybody may ask.
    package func write(_ proof: Proof) throws(ProofError) {
        do throws(FileError) {
            try files.makeFolder(path, .folder(for: nil))
            try file(of: proof).write(Array(buffer: proof.json.encoded), .secret)
        } catch {
            throw ProofError("\(error)")
        }
    }

    /// Writes a proof that no authority asks for, to see whether it would be seen. A real one of the same name goes before it.
    package func write(trial proof: Proof) throws(ProofError) {
        do throws(FileError) {
            try files.makeFolder(path, .folder(for: nil))
            try file(of: proof, isTrial: true).write(Array(buffer: proof.json.encoded), .secret)
        } catch {
            throw ProofError("\(error)")
        }
    }

    /// Takes a proof away, if it is there.
    package func remove(_ proof: Proof) {
        for isTrial in [false, true] { try? file(of: proof, isTrial: isTrial).remove() }
    }

    /// Takes away what a process that was killed left for the same names: of two proofs for one name, a handshake can show only one.
    ///
    /// To be called by who holds the lock of the folder and has written these.
    package func removeOthers(than proofs: [Proof]) {
        for other in read().proofs where !proofs.contains(other) {
            guard proofs.contains(where: { $0.identifier == other.identifier && $0.kind == other.kind }) else {
                continue
            }
            try? file(of: other).remove()
        }
    }

    /// Reads all that are there, whoever wrote them.
    package func read() -> ProofReading {
        ProofReading(folder: path, in: files)
    }

    private func file(of proof: Proof, isTrial: Bool = false) -> DurableFile {
        // They are read in the order of their names, and the first one for a name counts: behind all digests.
        let name = (isTrial ? "trial-" : "") + Self.name(of: proof)
        return DurableFile(files: files, folder: path, name: name, process: process)
    }

    /// By a digest: nothing that an authority sends becomes part of a path.
    static func name(of proof: Proof) -> String {
        let text = Array("\(proof.kind.rawValue) \(proof.identifier.value) \(proof.token)".utf8)
        var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
        text.withUnsafeBytes { input in digest.withUnsafeMutableBytes { SHA256().digest(of: input, into: $0) } }
        return "\(HexText.of(digest)).json"
    }
}
