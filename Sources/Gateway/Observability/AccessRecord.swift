import HTTPServer

/// The access log's record of a request before its answer is known.
struct AccessRecord {
    /// The longest text taken from a request, in bytes.
    private static let longest = 512

    /// The version of HTTP it came in.
    let version: HTTPVersion
    /// The method as sent, without anything that is or looks like a token or Hysteria's secret.
    let method: String
    /// The target, likewise, and without what parameters that mean nothing here are given.
    let target: String
    /// The `User-Agent`, like the method.
    let userAgent: String?

    init(_ request: Request, _ redaction: LogRedaction) {
        let text = { (range: Range<Int>) in request.string(of: range.clamped(to: Self.longest)) }
        version = request.version
        method = redaction.method(text(request.methodRange))
        target = redaction.target(text(request.target))
        userAgent = request.fields.userAgent.map { redaction.field(text($0)) }
    }
}

extension Range<Int> {
    fileprivate func clamped(to count: Int) -> Range<Int> {
        lowerBound..<Swift.min(upperBound, lowerBound + count)
    }
}
