import NIOCore

/// How long a connection waits for its caller.
package struct HTTPTimeouts: Sendable {
    /// For a request head, from its first byte; and for the first byte on a new connection.
    package var head: TimeAmount
    /// For a request body, from the end of the head.
    package var body: TimeAmount
    /// For the next request, and for the caller to take any part of an answer.
    package var idle: TimeAmount
    /// For a caller to stop sending after an answer that ends the connection.
    package var linger: TimeAmount
    /// During a drain, for the first request of a connection: its caller has just connected, and knows no other
    /// gateway. A packet that is lost so early is sent again after a second (RFC 6298, section 2).
    package var drainFirst: TimeAmount
    /// During a drain, for a next request: as long as it takes to read what the system has got already.
    package var drainNext: TimeAmount

    package init(
        head: TimeAmount = .seconds(10),
        body: TimeAmount = .seconds(30),
        idle: TimeAmount = .seconds(60),
        linger: TimeAmount = .seconds(2),
        drainFirst: TimeAmount = .seconds(3),
        drainNext: TimeAmount = .milliseconds(50)
    ) {
        self.head = head
        self.body = body
        self.idle = idle
        self.linger = linger
        self.drainFirst = drainFirst
        self.drainNext = drainNext
    }
}
