import HysteriaStats

/// What can go wrong with an upstream, to be switched on in a simulator.
///
/// Unless a fault says otherwise, the request has had its effect: counters that were asked to be cleared are gone.
package enum SimulatorFault: Sendable, Hashable {
    /// The answer never comes.
    case stall
    /// The connection is closed without a byte.
    case dropBeforeAnswer
    /// The connection is closed in the middle of the head.
    case dropInHead
    /// The connection is closed in the middle of the body.
    case dropInBody
    /// The connection is closed after each answer, without `Connection: close` in the header section.
    case closeAfterAnswer
    /// The answer is not HTTP.
    case garbage
    /// The head promises this many bytes more than come.
    case lengthTooLarge(by: Int)
    /// The head promises this many bytes fewer than come.
    case lengthTooSmall(by: Int)
    /// The request has no effect and gets this status.
    case status(Int)
    /// The answer is JSON of at least this size.
    case large(bytes: Int)
    /// The body never ends.
    case endless
    /// The body is not JSON, although its type says so.
    case notJSON
    /// The body is this, and its type says that it is JSON.
    case body([UInt8])
}
