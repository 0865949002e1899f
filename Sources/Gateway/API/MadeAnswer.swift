import HTTPServer

/// An answer on its way from where it was made to its event loop: without what is to be done once it has left.
struct MadeAnswer: Sendable {
    /// Nobody else has it, and what of an answer belongs to one event loop is not there.
    nonisolated(unsafe) let response: Response

    init(_ response: Response) {
        precondition(response.onLoss == nil && response.onDelivery == nil, "only an event loop follows an answer")
        self.response = response
    }
}
