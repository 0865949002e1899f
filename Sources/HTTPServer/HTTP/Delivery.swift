/// What is to be done once it is known whether an answer has left for the caller.
struct Delivery {
    /// What is done if it has not; see ``Response/onLoss``.
    var onLoss: (() -> Void)?
    /// Notified in any case; see ``Exchange/didAnswer(status:contentLength:)``.
    var report: ((_ isLost: Bool) -> Void)?

    /// Whether no one is to be notified.
    var isUnwatched: Bool { onLoss == nil && report == nil }

    /// Tells all of them. Called once.
    func end(isLost: Bool) {
        if isLost { onLoss?() }
        report?(isLost)
    }
}
