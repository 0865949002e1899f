import Glibc

/// The system's figures of this process.
struct ProcessFigures: Sendable {
    /// Seconds of processor time, the system's on behalf of the process included.
    let processorTime: Double
    /// Bytes in memory; nil where the system does not say.
    let residentMemory: UInt64?

    /// Reads them now. Nothing of this waits: the kernel writes these texts when they are read.
    init() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        processorTime = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        residentMemory = Self.residentPages().map { $0 * UInt64(sysconf(Int32(_SC_PAGESIZE))) }
    }

    private static func residentPages() -> UInt64? {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 256)
        let count = read(file, &text, text.count)
        guard count > 0 else { return nil }
        let words = text[..<count].split(separator: UInt8(ascii: " "))
        return words.count > 1 ? UInt64(String(decoding: words[1], as: UTF8.self)) : nil
    }
}
