import NIOCore

/// A request as access and calls see it: what was asked, without how it travelled.
///
/// The fields are ranges of `bytes`, so that a request costs no allocation. A `Request` is looked at and let go of
/// within one turn of the event loop: `bytes` may be a slice of the buffer into which the loop decrypts, and keeping it
/// would make the loop allocate a new one.
struct Request {
    /// The version of HTTP it came in, for the log.
    var version: HTTPVersion
    /// The method.
    var method: HTTPMethod
    /// The method as sent.
    var methodRange: Range<Int>
    /// The bytes that the ranges below refer to, by offset from the reader index.
    var bytes: ByteBuffer
    /// Path and query as sent. Empty or beginning with `?` where an absolute form had no path, which means `/`.
    var target: Range<Int>
    /// The authority the caller asked for: from the absolute form, otherwise from `Host`; empty with HTTP/1.0 without one.
    var authority: Range<Int>
    /// The header fields.
    var fields: RequestFields

    /// Calls `body` with the bytes of one field.
    @inline(__always)
    func withBytes<Result>(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeReadableBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// One field as text, for messages and logs.
    func string(of range: Range<Int>) -> String {
        withBytes(of: range) { String(decoding: $0, as: UTF8.self) }
    }
}
