import CLinux
import Glibc

/// A program that runs in a process group of its own, with nothing of this process but a pipe for what it writes.
struct ChildProcess {
    enum End: Hashable {
        case exited(CInt)
        case signaled(CInt)
        /// Its time was up.
        case late
        /// Nobody waits for it any more.
        case stopped
    }

    /// Why none could be started.
    struct StartError: Error, CustomStringConvertible {
        let code: CInt

        var description: String { String(cString: strerror(code)) }
    }

    private static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/",
    ]

    private let process: pid_t
    /// Where it writes to.
    private let pipe: CInt
    /// The first of what it wrote.
    private(set) var output: [UInt8] = []

    private init(process: pid_t, pipe: CInt) {
        self.process = process
        self.pipe = pipe
    }

    static func start(_ path: String, _ arguments: [String]) -> Result<ChildProcess, StartError> {
        guard path.hasPrefix("/") else { return .failure(StartError(code: ENOENT)) }
        var ends: [CInt] = [-1, -1]
        guard CLinux_pipe(&ends, CInt(O_CLOEXEC)) == 0 else { return .failure(StartError(code: errno)) }
        var process = pid_t()
        var code = spawn(path, [path] + arguments, writingTo: ends[1], &process)
        // Somebody is writing the file, or started another program while writing it, which has it open for a moment.
        for _ in 0..<10 where code == ETXTBSY {
            usleep(20_000)
            code = spawn(path, [path] + arguments, writingTo: ends[1], &process)
        }
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            return .failure(StartError(code: code))
        }
        return .success(ChildProcess(process: process, pipe: ends[0]))
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        writingTo descriptor: CInt,
        _ process: inout pid_t
    ) -> CInt {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, descriptor, 2)
        // Whatever is open here without the flag that closes it, such as sockets from the service manager.
        CLinux_posix_spawn_addclosefrom(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The signals that this process blocks and ignores would be blocked and ignored there.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        var argv = arguments.map { strdup($0) } + [nil]
        var environment = Self.environment.map { strdup($0) } + [nil]
        defer { for text in argv + environment { free(text) } }
        return posix_spawn(&process, path, &actions, &attributes, &argv, &environment)
    }

    /// Waits for its end, reading what it writes. After the time is up, or when it is to stop, it is killed with its group.
    mutating func wait(milliseconds: Int, outputLimit: Int, isStopped: () -> Bool) -> End {
        defer { close(pipe) }
        let start = Self.milliseconds()
        var isOpen = true
        while true {
            if isOpen { isOpen = read(upTo: outputLimit, waiting: 20) } else { usleep(20_000) }
            // It stays a zombie until the group has been dealt with, so that its number is nobody else's.
            var information = siginfo_t()
            let isEnded =
                waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
                && information.si_signo != 0
            if isEnded {
                // What it started may have the pipe for longer; what it wrote itself is in it already.
                while isOpen, hasMore { isOpen = read(upTo: outputLimit, waiting: 0) }
                return reap()
            }
            let isLate = Self.milliseconds() - start >= milliseconds
            guard isLate || isStopped() else { continue }
            kill(-process, SIGKILL)
            _ = reap()
            return isLate ? .late : .stopped
        }
    }

    private var hasMore: Bool {
        var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLIN) != 0
    }

    /// Reads once. Returns whether there can be more.
    private mutating func read(upTo limit: Int, waiting: CInt) -> Bool {
        var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, waiting) > 0 else { return true }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(pipe, &chunk, chunk.count)
        if count < 0 { return errno == EINTR }
        output += chunk.prefix(min(count, max(0, limit - output.count)))
        return count > 0
    }

    private func reap() -> End {
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signaled(signal)
    }

    private static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
