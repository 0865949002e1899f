import Foundation
import Testing

/// The clients that come with nghttp2: `nghttp`, which tells of each frame, and `h2load`, which asks a lot.
enum NGHTTP2Client {
    /// Whether both are there.
    static let isInstalled = ["nghttp", "h2load"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    /// How to get them.
    static let advice: Comment = "needs nghttp and h2load: apt-get install nghttp2-client, or scripts/setup"

    /// Runs one of them to its end.
    static func run(_ program: String, _ arguments: [String]) async throws -> ChildProcess.State {
        try await ChildProcess("/usr/bin/\(program)", arguments).end()
    }
}
