import NIOCore

/// One request to Hysteria, from its start until its answer or error.
struct StatsJob {
    /// Whoever asked, and the name by which they know the call.
    struct Waiter {
        let receiver: any StatsAnswerReceiver
        let ticket: UInt64
    }

    enum Kind {
        /// For everybody whom the call's `CoalescingStateMachine` serves.
        case read(ReadCall)
        /// For one caller; it must reach Hysteria at most once.
        case once(Waiter)
    }

    let kind: Kind
    let request: ByteBuffer
    let expectation: ResponseStateMachine.Expectation
    let deadline: NIODeadline
    /// The time limit that led to the deadline, for the error message.
    let timeout: TimeAmount

    /// Whether the request changes something at Hysteria.
    var changesSomething: Bool {
        switch self.kind {
        case .read: false
        case .once: true
        }
    }
}
