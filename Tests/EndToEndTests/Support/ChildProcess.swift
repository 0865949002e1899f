import Foundation
import Synchronization
import Testing

/// A program that a test runs, and all that it prints.
final class ChildProcess: Sendable {
    /// How a program ended.
    enum Ending: Hashable, Sendable {
        /// By itself, with this exit code.
        case exit(Int32)
        /// By this signal.
        case signal(Int32)
    }

    /// What is known of a program so far.
    struct State: Sendable, CustomStringConvertible {
        /// What it printed to standard output.
        var output: [UInt8] = []
        /// What it printed to standard error.
        var errors: [UInt8] = []
        /// The whole lines of that.
        var errorLines: [String] = []
        /// How it ended; nil while it runs.
        var ending: Ending?
        private var lastLine: [UInt8] = []
        fileprivate var openPipes = 2

        /// Whether it has ended and all that it printed is here.
        var isComplete: Bool { ending != nil && openPipes == 0 }
        /// What it printed to standard output, as text.
        var outputText: String { String(decoding: output, as: UTF8.self) }
        /// What it printed to standard error, as text.
        var errorText: String { String(decoding: errors, as: UTF8.self) }

        fileprivate mutating func add(errors bytes: [UInt8]) {
            errors += bytes
            let pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for piece in pieces.dropLast() {
                errorLines.append(String(decoding: lastLine + piece, as: UTF8.self))
                lastLine.removeAll()
            }
            lastLine += pieces[pieces.count - 1]
        }

        var description: String {
            "\(ending.map { "\($0)" } ?? "running"), output:\n\(outputText)\nerrors:\n\(errorText)"
        }
    }

    // A pipe that is made while another program starts could end up open in it, and then never end.
    private static let starting = Mutex(())

    private let process: Mutex<Process>
    private let observed = Observed(State())

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - input: A file for its standard input; without one there is nothing to read.
    ///   - standardInput: What is open already and goes there instead.
    ///   - folder: The working directory; without one, the one of the tests.
    init(
        _ program: String,
        _ arguments: [String],
        input: String? = nil,
        standardInput: FileHandle? = nil,
        folder: String? = nil
    ) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) } ?? standardInput
            ?? FileHandle.nullDevice
        process.terminationHandler = { [observed] process in
            let status = process.terminationStatus
            let ending = process.terminationReason == .exit ? Ending.exit(status) : .signal(status)
            observed.update { $0.ending = ending }
        }
        let (output, errors) = try Self.starting.withLock { _ in
            let output = Pipe()
            let errors = Pipe()
            process.standardOutput = output
            process.standardError = errors
            try process.run()
            return (output.fileHandleForReading, errors.fileHandleForReading)
        }
        self.process = Mutex(process)
        collect(output) { $0.output += $1 }
        collect(errors) { $0.add(errors: $1) }
    }

    deinit {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } }
    }

    private func collect(_ pipe: FileHandle, _ take: @escaping @Sendable (inout State, [UInt8]) -> Void) {
        let observed = observed
        Thread.detachNewThread {
            // What is there now, and nothing at the end: `read(upToCount:)` would wait for as much as was asked for.
            while case let data = pipe.availableData, !data.isEmpty {
                observed.update { take(&$0, Array(data)) }
            }
            // Foundation holds on to it, and crashes now and then where it starts a program while a thousand are open.
            try? pipe.close()
            observed.update { $0.openPipes -= 1 }
        }
    }

    /// What is known of the program now.
    var state: State { observed.value }

    /// The number of the process.
    var identifier: Int32 { process.withLock { $0.processIdentifier } }

    /// The bytes of memory that the program has now.
    func residentMemory() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(identifier)/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[1])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Sends a signal, unless the program has ended.
    func send(_ signal: Int32) {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, signal) } }
    }

    /// Waits until `find` finds something in what the program prints.
    func first<Found: Sendable>(_ what: String, _ find: @escaping @Sendable (State) -> Found?) async throws -> Found {
        let found = try await observed.first(what) { state in
            find(state).map(Optional.some) ?? (state.isComplete ? .some(nil) : nil)
        }
        guard let found else { throw Deadline.Passed("the program ended without \(what): \(state)") }
        return found
    }

    /// Waits until the program has ended.
    @discardableResult
    func end() async throws -> State {
        try await observed.first("the end of the program") { $0.isComplete ? $0 : nil }
    }
}
