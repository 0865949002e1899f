import HTTPServer

/// What a request says of how its answer is to travel.
struct AnswerWishes {
    /// The codings that are taken.
    var coding = AcceptEncoding.Choice.identity
    /// The contents that the caller has already; nil where it has none.
    private(set) var held: IfNoneMatch?

    /// Of a request that says nothing.
    init() {}

    init(_ request: Request) {
        if let first = request.fields.acceptEncoding {
            var accepted = AcceptEncoding()
            request.forEachValue(of: .acceptEncoding, from: first) { accepted.add($0) }
            coding = accepted.choice
        }
        if let first = request.fields.ifNoneMatch {
            var held = IfNoneMatch()
            request.forEachValue(of: .ifNoneMatch, from: first) { held.add($0) }
            self.held = held
        }
    }

    /// The codings that are taken of those that there are, the best one first.
    ///
    /// - Parameter isCompressed: whether there is gzip.
    func codings(isCompressed: Bool) -> [ContentCoding] {
        switch coding {
        case .gzip where isCompressed: [.gzip, .identity]
        case .gzipOnly where isCompressed: [.gzip]
        case .identity, .gzip, .gzipOnly: [.identity]
        }
    }
}
