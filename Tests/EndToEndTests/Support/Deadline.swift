/// A limit on waits, far beyond what any of them takes: it turns a hang into a failure that says what hung.
enum Deadline {
    private static let limit = Duration.seconds(180)

    /// A wait was in vain.
    struct Passed: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Does `body`, and gives up when it takes too long.
    ///
    /// - Parameters:
    ///   - what: What is waited for.
    ///   - circumstances: What helps to understand why it did not come.
    static func within<Result: Sendable>(
        _ what: String,
        in circumstances: @escaping @Sendable () -> String = { "" },
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { tasks in
            tasks.addTask { try await body() }
            tasks.addTask {
                try await Task.sleep(for: limit)
                throw Passed("waited \(limit) for \(what); there is: \(circumstances())")
            }
            defer { tasks.cancelAll() }
            guard let result = try await tasks.next() else { throw CancellationError() }
            return result
        }
    }
}
