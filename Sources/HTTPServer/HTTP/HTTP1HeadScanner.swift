/// Finds the end of a request head in bytes that arrive piece by piece, looking at each byte once.
struct HTTP1HeadScanner {
    /// What is known so far.
    enum Result: Equatable {
        /// The head is not complete; nothing against it yet.
        case incomplete
        /// The head, with the empty line that ends it, is so many bytes long.
        case complete(length: Int)
        case malformed(RequestError)
    }

    private var scanned = 0
    private var lineStart = 0

    /// Looks at `bytes`, which begin where the head begins and grow from call to call.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Result {
        let end = min(bytes.count, HTTP1Limits.head)
        if scanned == 0, end > 0, !HTTPGrammar.isToken(bytes[0]), bytes[0] != UInt8(ascii: "\r") {
            // Most likely TLS on a plain port: reject it at once, since no line end may ever come.
            return .malformed(.malformed("The request line does not begin with a method."))
        }
        while scanned < end {
            let byte = bytes[scanned]
            if byte == UInt8(ascii: "\n") {
                // RFC 9112, section 2.2, lets a recipient take a bare LF for a line end. A recipient in front of others
                // that do not is how requests are smuggled, so it is refused here.
                guard scanned > lineStart, bytes[scanned - 1] == UInt8(ascii: "\r") else {
                    return .malformed(.malformed("A line ends with LF instead of CRLF."))
                }
                if scanned - 1 == lineStart { return .complete(length: scanned + 1) }
                lineStart = scanned + 1
            }
            scanned += 1
        }
        return bytes.count >= HTTP1Limits.head ? .malformed(.headTooLarge) : .incomplete
    }
}
