import Foundation
import Testing

/// `wrk`, which keeps some connections of HTTP/1.1 busy for a while.
enum WrkClient {
    static let path = "/usr/bin/wrk"

    /// Whether it is there.
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    /// How to get it.
    static let advice: Comment = "needs wrk: apt-get install wrk"
}
