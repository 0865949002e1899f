import Glibc
import Ledger

/// Runs a test of this program in a process of its own, in another zone: the zone belongs to the process.
enum ZoneChild {
    private static let variable = "ANSWERS_TEST_ZONE"

    /// The zone of this process, if it is a child.
    static var zone: CivilZone? {
        guard let name = getenv(variable).map({ String(cString: $0) }) else { return nil }
        return try? CivilZone.adopt(name)
    }

    /// - Parameter test: the name of the function, as no other test has it.
    /// - Returns: whether the test ran and passed, and what it printed.
    static func run(_ test: String, zone: String) -> (hasPassed: Bool, output: String) {
        guard let program = realpath("/proc/self/exe", nil) else { return (false, "no program") }
        defer { free(program) }
        let path = String(cString: program)
        let arguments = ["env", "\(variable)=\(zone)", path, "--testing-library", "swift-testing", "--filter", test]
        var pipes: [Int32] = [0, 0]
        guard pipe(&pipes) == 0 else { return (false, "no pipe") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 2)
        posix_spawn_file_actions_addclose(&actions, pipes[0])
        var argv = arguments.map { strdup($0) } + [nil]
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, &argv, environ)
        posix_spawn_file_actions_destroy(&actions)
        for text in argv { free(text) }
        close(pipes[1])
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(pipes[0], &chunk, chunk.count)
            if count <= 0 { break }
            output += chunk[..<count]
        }
        close(pipes[0])
        guard code == 0 else { return (false, String(cString: strerror(code))) }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        let text = String(decoding: output, as: UTF8.self)
        return (status == 0 && text.contains("1 test"), text)
    }
}
