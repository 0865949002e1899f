import NIOCore

/// What the access log says of a request before its answer is known.
struct AccessRecord {
    /// The longest text taken from a request, in bytes.
    private static let longest = 512

    /// The version of HTTP it came in.
    let version: HTTPVersion
    /// The method as sent.
    let method: String
    /// The target as sent, without anything that looks like a token.
    let target: String
    /// The `User-Agent`, likewise.
    let userAgent: String?
    /// When the request was read.
    let began: NIODeadline

    init(_ request: Request, began: NIODeadline) {
        version = request.version
        method = request.string(of: request.methodRange)
        target = TokenRedaction.redact(request.string(of: request.target.clamped(to: Self.longest)))
        userAgent = request.userAgent.map { TokenRedaction.redact(request.string(of: $0.clamped(to: Self.longest))) }
        self.began = began
    }
}

extension Range<Int> {
    fileprivate func clamped(to count: Int) -> Range<Int> {
        lowerBound..<Swift.min(upperBound, lowerBound + count)
    }
}
