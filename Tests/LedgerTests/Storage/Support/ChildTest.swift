import Glibc

/// Runs a test of this program in a process of its own: another zone, other limits, an observer.
///
/// The child is this very program with a filter; the test in it is enabled by an environment variable.
enum ChildTest {
    struct Result {
        let status: Int32
        let output: String
    }

    /// The part that this process plays in a test; nil: it is no child.
    static var role: String? { variable("LEDGER_TEST_ROLE") }

    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// - Parameters:
    ///   - role: The child's test is enabled for it, and has it in its name.
    ///   - launcher: A program with arguments, which runs the child.
    static func run(_ role: String, _ variables: [String: String] = [:], launcher: [String] = []) -> Result {
        spawn(launcher + command(role), variables.merging(["LEDGER_TEST_ROLE": role]) { $1 })
    }

    private static func command(_ role: String) -> [String] {
        ["/proc/self/exe".resolved, "--testing-library", "swift-testing", "--filter", role]
    }

    /// Runs a program to its end.
    static func spawn(_ arguments: [String], _ variables: [String: String]) -> Result {
        guard let child = Running(arguments, variables) else { return Result(status: -1, output: "not found") }
        var output = ""
        while let line = child.line() { output += line + "\n" }
        return Result(status: child.wait(), output: output)
    }

    /// Starts a child, and leaves it to run.
    static func start(_ role: String, _ variables: [String: String] = [:]) -> Running? {
        Running(command(role), variables.merging(["LEDGER_TEST_ROLE": role]) { $1 })
    }

    /// A child that runs, killed when nobody wants it any more.
    final class Running {
        private var pid: pid_t = 0
        private let pipe: Int32
        private var buffer: [UInt8] = []
        private var status: Int32?

        init?(_ arguments: [String], _ variables: [String: String]) {
            var environment: [String] = []
            var position = environ
            while let variable = position.pointee {
                let text = String(cString: variable)
                let name = text.prefix { $0 != "=" }
                if variables[String(name)] == nil, name != "LEDGER_TEST_ROLE" { environment.append(text) }
                position += 1
            }
            environment += variables.map { "\($0)=\($1)" }
            var pipes: [Int32] = [0, 0]
            // Another child must not hold the end that this one writes to.
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &pipes) == 0 else { return nil }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
            posix_spawn_file_actions_adddup2(&actions, pipes[1], 2)
            var argv = arguments.map { strdup($0) } + [nil]
            var envp = environment.map { strdup($0) } + [nil]
            let code = posix_spawnp(&pid, arguments[0], &actions, nil, &argv, &envp)
            posix_spawn_file_actions_destroy(&actions)
            for text in argv + envp { free(text) }
            close(pipes[1])
            pipe = pipes[0]
            guard code == 0 else {
                pid = 0
                status = -1
                return nil
            }
        }

        deinit {
            kill()
            _ = wait()
            close(pipe)
        }

        /// The next line that the child gives out; nil: it has ended.
        func line() -> String? {
            while true {
                if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { buffer.removeFirst(end + 1) }
                    return String(decoding: buffer[..<end], as: UTF8.self)
                }
                var chunk = [UInt8](repeating: 0, count: 4096)
                let count = read(pipe, &chunk, chunk.count)
                if count <= 0 { return nil }
                buffer += chunk[..<count]
            }
        }

        func kill() {
            if status == nil, pid > 0 { Glibc.kill(pid, SIGKILL) }
        }

        /// Waits for the child's end, and says what it ended with.
        func wait() -> Int32 {
            if let status { return status }
            var ended: Int32 = 0
            waitpid(pid, &ended, 0)
            status = ended
            return ended
        }
    }
}

extension String {
    /// Where a link leads to.
    fileprivate var resolved: String {
        guard let path = realpath(self, nil) else { return self }
        defer { free(path) }
        return String(cString: path)
    }
}
