/// Looks for the CAA records that hold for a name: its own, or those of the first name above it that has some (RFC 8659, 3).
package struct CAAQuery: Sendable {
    /// What was found, and at which name.
    struct Found: Hashable, Sendable {
        let name: DNSName
        let records: [CAARecord]
    }

    private let exchange: DNSExchange
    private let id: UInt16

    /// - Parameter id: What a question and its answer have in common.
    package init(_ exchange: DNSExchange, id: UInt16 = .random(in: 0...UInt16.max)) {
        self.exchange = exchange
        self.id = id
    }

    /// Nil where no name up to the top-level domain has one, so that any authority may issue.
    func records(for name: DNSName) async throws(DNSError) -> Found? {
        var next: DNSName? = name
        while let current = next {
            let answer = try await exchange.answer(DNSMessage.question(current, id: id)).get()
            let records = try DNSMessage.records(in: answer, of: current, id: id)
            if !records.isEmpty { return Found(name: current, records: records) }
            next = current.parent
        }
        return nil
    }
}
