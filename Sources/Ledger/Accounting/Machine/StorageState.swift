/// What the file is being used for. One thing is under way at a time.
enum StorageState: Hashable, Sendable {
    /// Nothing is under way. → appending, folding, closing
    case idle
    /// Rows are being written. → idle, behind
    case appending
    /// The journal is being folded. → idle, behind
    case folding
    /// The file cannot be written; it is opened again at `retry`, in milliseconds since boot. → reopening, closing
    case behind(retry: Int64)
    /// It is being opened again. → idle, restoring, behind
    case reopening
    /// Another file took its place, and is being given what memory has. → idle, behind
    case restoring
    /// It is being closed for good. → closed
    case closing
    /// It is closed.
    case closed
}

/// A time in which the file cannot be written.
struct Outage: Hashable, Sendable {
    /// When it began, in milliseconds since boot.
    let began: Int64
    var attempts = 0

    /// How long to wait before the next attempt: 1 s, 2 s, … 60 s.
    var pause: Int64 { min(60_000, 1000 << Int64(min(attempts, 16))) }
}

/// How far the machine has come towards its end.
enum LedgerPhase: Hashable, Sendable {
    /// → ending
    case running
    /// A last reading is under way. → writing
    case ending
    /// What is left is written, folded, and the file closed. → ended
    case writing
    /// The file is closed, and figures are those of the last snapshot.
    case ended
}
