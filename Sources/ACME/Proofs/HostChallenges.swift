/// The proofs of a Hysteria on the same machine, which gets its certificates by itself and cannot be reached on the ports that the
/// gateway holds.
///
/// Its library, certmagic, keeps each of them in `DIRECTORY/acme/ISSUER/challenge_tokens/NAME.json` from before it tells the
/// authority until it has been validated, so that any of several servers can answer. The name is the host name; of an address
/// with `-` for `:`, or its reverse name for TLS-ALPN-01. What the file says counts, not how it is called.
package struct HostChallenges: Sendable {
    /// The folder that Hysteria calls `acme.dir`.
    package let directory: String
    private let files: any FileSystem

    private static let tokens = "challenge_tokens"
    /// An authority each: more than a Hysteria has had in all its life.
    private static let issuerLimit = 32

    package init(directory: String, files: any FileSystem = LinuxFileSystem()) {
        self.directory = directory
        self.files = files
    }

    private var base: String { "\(directory)/acme" }

    /// Reads all of them. Hysteria's files are its owner's alone: where this process may not read them, a problem says so.
    package func read() -> ProofReading {
        var reading = ProofReading()
        do throws(FileError) {
            for folder in try issuers() {
                reading.append(ProofReading(folder: "\(folder)/\(Self.tokens)", in: files))
            }
        } catch {
            reading.note("\(error)")
        }
        return reading
    }

    /// The folders in which something has to happen before there is a new proof, those above before those below.
    package var watchedFolders: [String] {
        let issuers = (try? issuers()) ?? []
        return [directory, base] + issuers.flatMap { [$0, "\($0)/\(Self.tokens)"] }
    }

    private func issuers() throws(FileError) -> [String] {
        try files.list(base).filter { !$0.hasPrefix(".") }.sorted().prefix(Self.issuerLimit).map { "\(base)/\($0)" }
    }
}
