import Foundation
import Testing

/// A gateway that runs: the built program, serving by a configuration.
struct GatewayProcess: Sendable {
    /// The program.
    let process: ChildProcess
    /// The port of each listener, in the order of the configuration, the redirecting one last.
    let ports: [Int]

    /// Starts the program with a configuration, and waits until it listens.
    ///
    /// - Parameters:
    ///   - listeners: How many addresses the configuration has it listen on.
    ///   - options: Further options of `serve`.
    static func start(
        configuration: String,
        listeners: Int = 1,
        options: [String] = []
    ) async throws -> GatewayProcess {
        let process = try ChildProcess(BuiltProgram.path, ["serve", "--config", configuration] + options)
        return try await listening(process, listeners: listeners)
    }

    /// Waits until a program that was started as a gateway listens.
    static func listening(_ process: ChildProcess, listeners: Int = 1) async throws -> GatewayProcess {
        let ports = try await process.first("\(listeners) listeners") { state -> [Int]? in
            let line = /(?:listening address=|"message":"listening","address":")\S*?:(\d+)["\n]/
            let ports = state.errorText.matches(of: line).compactMap { Int($0.1) }
            return ports.count == listeners ? ports : nil
        }
        return GatewayProcess(process: process, ports: ports)
    }

    /// The port that serves HTTPS.
    var port: Int { ports[0] }

    /// Waits for a line of the log that contains all of these words, and returns it.
    @discardableResult
    func log(_ words: String...) async throws -> String {
        try await process.first("a line with \(words)") { state in
            state.errorLines.first { line in words.allSatisfy { line.contains($0) } }
        }
    }

    /// How many lines of the log contain all of these words.
    func count(_ words: String...) -> Int {
        process.state.errorText.split(separator: "\n").count { line in words.allSatisfy { line.contains($0) } }
    }

    /// Tells the gateway to reload, and waits until it has.
    func reload() async throws {
        let before = count("reloaded")
        process.send(SIGHUP)
        _ = try await process.first("a reload") { state in
            state.errorText.split(separator: "\n").count { $0.contains("reloaded") } > before ? true : nil
        }
    }

    /// Tells the gateway to stop, and returns how it ended.
    func stop(_ signal: Int32 = SIGTERM) async throws -> ChildProcess.State {
        process.send(signal)
        return try await process.end()
    }
}
