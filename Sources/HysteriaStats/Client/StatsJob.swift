import NIOCore

/// One request to Hysteria, from its start until its answer or error.
struct StatsJob {
    /// The receiver, and the name by which it knows the call.
    struct Waiter {
        let receiver: any StatsAnswerReceiver
        let ticket: UInt64
    }

    enum Kind {
        /// For all waiters of the call's `CoalescingStateMachine`.
        case read(ReadCall)
        /// For one caller; it must reach Hysteria at most once.
        case once(Waiter, late: StatsClient.LateAnswer?)
        /// The caller was told that there is no answer in time; the answer still matters.
        case overdue(StatsClient.LateAnswer)
    }

    private(set) var kind: Kind
    let request: ByteBuffer
    let expectation: StatsResponseStateMachine.Expectation
    private(set) var deadline: NIODeadline
    /// The time limit that led to the deadline, for the error message.
    private(set) var timeout: TimeAmount

    /// Whether the request changes something at Hysteria.
    var changesSomething: Bool {
        switch kind {
        case .read: false
        case .once, .overdue: true
        }
    }

    /// Whether its caller was told already that there is no answer in time.
    var isOverdue: Bool {
        if case .overdue = kind { true } else { false }
    }

    /// The same job, with so much more time; nil where a late answer is of no use.
    func overdue(by patience: TimeAmount) -> StatsJob? {
        guard case .once(_, let late?) = kind else { return nil }
        var job = self
        job.kind = .overdue(late)
        job.deadline = deadline + patience
        job.timeout = timeout + patience
        return job
    }
}
