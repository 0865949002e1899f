import NIOCore

/// How long a connection waits for its caller.
struct HTTPTimeouts: Sendable {
    /// For a request head, from its first byte; and for the first byte on a new connection.
    var head = TimeAmount.seconds(10)
    /// For a request body, from the end of the head.
    var body = TimeAmount.seconds(30)
    /// For the next request, and for the caller to take any part of an answer.
    var idle = TimeAmount.seconds(60)
    /// For a caller to stop sending after an answer that ends the connection.
    var linger = TimeAmount.seconds(2)
    /// During a drain, for the first request of a connection: its caller has just connected, and knows no other
    /// gateway. A packet that is lost so early is sent again after a second (RFC 6298, section 2).
    var drainFirst = TimeAmount.seconds(3)
    /// During a drain, for a next request: as long as it takes to read what the system has got already.
    var drainNext = TimeAmount.milliseconds(50)
}
