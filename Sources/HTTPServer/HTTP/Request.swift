import NIOCore

/// A request as access and calls see it: what was asked, without how it travelled.
///
/// The fields are ranges of `bytes`, so that a request costs no allocation. A `Request` is looked at and let go of
/// within one turn of the event loop: `bytes` may be a slice of the buffer into which the loop decrypts, and keeping it
/// would make the loop allocate a new one.
package struct Request {
    /// The version of HTTP it came in, for the log.
    package var version: HTTPVersion
    /// The method.
    package var method: HTTPMethod
    /// The method as sent.
    package var methodRange: Range<Int>
    /// The bytes that the ranges below refer to, by offset from the reader index.
    package var bytes: ByteBuffer
    /// Path and query as sent. Empty or beginning with `?` where an absolute form had no path, which means `/`.
    package var target: Range<Int>
    /// The authority the caller asked for: from the absolute form, otherwise from `Host`; empty with HTTP/1.0 without one.
    package var authority: Range<Int>
    /// The header fields.
    package var fields: RequestFields

    /// Calls `body` with the bytes of one field.
    @inlinable @inline(__always)
    package func withBytes<Result>(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeReadableBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Calls `body` with each value of a field that is a list: the first one, and those of the fields of the same name after it.
    package func forEachValue(
        of name: RequestFields.Name,
        from first: Range<Int>,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        withBytes(of: first, body)
        for range in fields.further(name) { withBytes(of: range, body) }
    }

    /// One field as text, for messages and logs.
    package func string(of range: Range<Int>) -> String {
        withBytes(of: range) { String(decoding: $0, as: UTF8.self) }
    }
}
