/// Takes the answers to calls.
///
/// A class, and not a closure per call, so that a call costs no allocation: one receiver tells its calls apart by the
/// tickets it gave them.
public protocol StatsAnswerReceiver: AnyObject {
    /// Called on the client's event loop, exactly once for each call, and never while `perform` still runs.
    ///
    /// It may call `perform` and `shutDown` of the same client.
    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64)
}
