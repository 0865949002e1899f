import GatewayConfiguration
import Glibc

/// Whether a stream leads to systemd's journal, which takes a priority before each line (sd-daemon(3)) and adds the time.
package enum JournalStream {
    /// Whether standard error does.
    package static let isStandardError = isJournal(
        STDERR_FILENO,
        variable: EnvironmentVariables.values(of: ["JOURNAL_STREAM"])["JOURNAL_STREAM"]
    )

    /// Whether the stream is the one that systemd connected: the variable stays if the stream was redirected to a file
    /// or a pipe since.
    ///
    /// - Parameter variable: `JOURNAL_STREAM`, device and inode in decimal.
    static func isJournal(_ descriptor: CInt, variable: String?) -> Bool {
        let numbers = variable?.split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) } ?? []
        var status = stat()
        guard numbers.count == 2, let device = numbers[0], let inode = numbers[1], fstat(descriptor, &status) == 0
        else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
