import Foundation

/// The program under test, as the build has left it.
enum BuiltProgram {
    /// Where it lies: beside the tests.
    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (tests as NSString).deletingLastPathComponent + "/hysteria-gateway"
    }()

    /// Runs it to its end.
    static func run(_ arguments: String..., folder: String? = nil) async throws -> ChildProcess.State {
        try await ChildProcess(path, arguments, folder: folder).end()
    }
}
