import JSON
import NIOCore

/// The proofs that lie in a folder as `*.json`, and words for each file that is none.
///
/// Another program may write to it: its size is bounded, and nothing in it keeps the rest from being read.
package struct ProofReading: Hashable, Sendable {
    package private(set) var proofs: [Proof] = []
    /// What could not be read and why. Each is a line for the log.
    package private(set) var problems: [String] = []

    static let fileLimit = 512
    static let sizeLimit = 64 * 1024

    package init() {}

    /// Reads a folder. One that is not there has no proofs.
    package init(folder: String, in files: any FileSystem) {
        do throws(FileError) {
            let names = try files.list(folder).filter(Self.isProof).sorted()
            if names.count > Self.fileLimit {
                problems.append("\(folder) has \(names.count) files; only the first \(Self.fileLimit) are read")
            }
            for name in names.prefix(Self.fileLimit) { read("\(folder)/\(name)", in: files) }
        } catch {
            problems.append("\(error)")
        }
    }

    static func isProof(_ name: String) -> Bool { name.hasSuffix(".json") && !name.hasPrefix(".") }

    private mutating func read(_ path: String, in files: any FileSystem) {
        do throws(FileError) {
            // Proofs come and go while they are read.
            guard let bytes = try files.read(path, limit: Self.sizeLimit) else { return }
            guard let json = try? JSONValue(parsing: ByteBuffer(bytes: bytes)), let proof = Proof(json: json) else {
                return problems.append("\(path) is no proof of a name or an address, and is ignored")
            }
            proofs.append(proof)
        } catch {
            problems.append("\(error)")
        }
    }

    mutating func note(_ problem: String) {
        problems.append(problem)
    }

    mutating func append(_ other: ProofReading) {
        proofs += other.proofs
        problems += other.problems
    }
}
