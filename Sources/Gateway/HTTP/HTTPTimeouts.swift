import NIOCore

/// How long a connection waits for its caller.
struct HTTPTimeouts: Sendable {
    /// For a request head, from its first byte; and for the first byte on a new connection.
    var head = TimeAmount.seconds(10)
    /// For a request body, from the end of the head.
    var body = TimeAmount.seconds(30)
    /// For the next request, and for the caller to take any part of an answer.
    var idle = TimeAmount.seconds(60)
    /// For a caller to stop sending behind an answer that ends the connection.
    var linger = TimeAmount.seconds(2)
}
