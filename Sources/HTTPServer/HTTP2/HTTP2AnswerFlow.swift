/// The answers of one connection on their way out: how many there are, who is to be notified of the outcome, and which
/// requests are declined after them.
struct HTTP2AnswerFlow {
    /// How many answers are not out yet.
    private(set) var unsent = 0
    /// The streams whose answers are out and whose requests are not waited for any more.
    private var declined: [Int32] = []
    /// Who is to be notified of the outcome of the next write.
    private var deliveries: [Delivery] = []

    // MARK: Answers

    /// An answer was decided.
    mutating func began() {
        unsent += 1
    }

    /// All of an answer was put into the output.
    ///
    /// - Parameter declined: The stream, if the rest of its request is not waited for.
    mutating func ended(_ delivery: Delivery, declining declined: Int32?) {
        unsent -= 1
        if !delivery.isUnwatched { deliveries.append(delivery) }
        if let declined { self.declined.append(declined) }
    }

    /// An answer that has begun does not get out.
    mutating func gaveUp() {
        unsent -= 1
    }

    /// How much of one answer a caller has to take in the time in which it has to take `size` bytes: all answers of the
    /// connection together have to be taken as fast as one of HTTP/1.1.
    func share(of size: Int) -> Int { size / max(unsent, 1) }

    // MARK: Writes

    /// Who is to be notified of the outcome of the write that is made now.
    mutating func takeDeliveries() -> [Delivery] {
        defer { deliveries = [] }
        return deliveries
    }

    /// The streams of which the rest is to be declined now: their answers are in the output.
    mutating func takeDeclined() -> [Int32] {
        defer { declined = [] }
        return declined
    }
}
