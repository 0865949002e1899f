import Glibc
import NIOConcurrencyHelpers
import NIOOpenSSL

/// Sets and removes records of DNS by a command of the operator's, by the contract of lego's `exec`:
/// `COMMAND present|cleanup _acme-challenge.NAME. VALUE` (RFC 8555, 8.4).
///
/// It gets a `PATH`, a language and nothing else: no descriptor and no variable of this process, whose secrets are not its business. When its
/// time is up, it is killed with all that it started in its process group.
package struct RecordCommand: Sendable, Hashable {
    package enum Action: String, Sendable {
        case present, cleanup
    }

    /// The program. An absolute path: it is not searched for.
    package let path: String
    /// How long it may take, in milliseconds.
    let limit: Int

    /// How much of what it writes is kept: for a line of the log.
    static let outputLimit = 4096

    package init(path: String, seconds: Int = 120) {
        self.init(path: path, milliseconds: seconds * 1000)
    }

    init(path: String, milliseconds: Int) {
        self.path = path
        limit = milliseconds
    }

    /// Runs it, and returns what it wrote, for the log.
    ///
    /// - Throws: ``ProofError`` if it cannot be started, fails, or takes too long; with what it wrote.
    @discardableResult
    package func run(_ action: Action, _ proof: Proof) async throws(ProofError) -> String {
        let arguments = [
            action.rawValue, Self.recordName(of: proof.identifier),
            KeyAuthorization.recordValue(of: proof.keyAuthorization),
        ]
        let stop = NIOLockedValueBox(false)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks, so it gets a thread of its own.
                let isStarted = DetachedThread.start {
                    continuation.resume(returning: run(arguments) { stop.withLockedValue { $0 } })
                }
                if !isStarted { continuation.resume(returning: .failure(ProofError("there is no thread for \(path)"))) }
            }
        } onCancel: {
            stop.withLockedValue { $0 = true }
        }
        return try result.get()
    }

    /// The name of the record, with the dot that ends it.
    static func recordName(of identifier: Identifier) -> String { "_acme-challenge.\(identifier.proved.value)." }

    private func run(_ arguments: [String], isStopped: () -> Bool) -> Result<String, ProofError> {
        let name = "\(path) \(arguments[0])"
        switch ChildProcess.start(path, arguments) {
        case .failure(let failure):
            return .failure(
                ProofError("\(path) cannot be run: \(failure); is it an executable file, with its absolute path?")
            )
        case .success(var child):
            let end = child.wait(milliseconds: limit, outputLimit: Self.outputLimit, isStopped: isStopped)
            let output = Self.printable(child.output)
            let said = output.isEmpty ? "; it wrote nothing" : "; it wrote: \(output)"
            switch end {
            case .exited(0): return .success(output)
            case .exited(let status): return .failure(ProofError("\(name) ended with status \(status)\(said)"))
            case .signaled(let signal): return .failure(ProofError("\(name) was ended by signal \(signal)\(said)"))
            case .late: return .failure(ProofError("\(name) took longer than \(limit / 1000) s and was killed\(said)"))
            case .stopped: return .failure(ProofError("\(name) was killed, as the gateway ends\(said)"))
            }
        }
    }

    /// One line without what a terminal would obey.
    private static func printable(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? " " : Character(scalar)
        }
        return String(text).split(separator: " ").joined(separator: " ")
    }
}
