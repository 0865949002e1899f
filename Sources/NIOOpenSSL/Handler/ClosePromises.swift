import NIOCore

/// Whoever asked for a connection to be closed, or for this side's direction, and is to be told when it is.
///
/// Promises are taken before they are completed: whoever waits for one may ask for another close.
struct ClosePromises {
    private var all: EventLoopPromise<Void>?
    private var output: EventLoopPromise<Void>?

    /// Adds one that waits for this direction to be ended, or for both.
    mutating func join(_ promise: EventLoopPromise<Void>?, endOf mode: CloseMode) {
        if mode == .output { output.join(promise) } else { all.join(promise) }
    }

    /// For the call that closes the channel.
    mutating func take() -> EventLoopPromise<Void>? {
        all.take()
    }

    /// For the call that ends this direction.
    mutating func takeOutput() -> EventLoopPromise<Void>? {
        output.take()
    }

    /// For the channel's end that was not asked for, or came another way.
    mutating func takeAll() -> ClosePromises {
        defer { self = ClosePromises() }
        return self
    }

    /// The channel is closed, which was asked for, and cannot end one direction any more.
    func channelClosed(_ reason: @autoclosure () -> any Error) {
        output?.fail(reason())
        all?.succeed(())
    }
}

extension EventLoopPromise<Void>? {
    /// Adds a promise that is to be completed together with this one.
    fileprivate mutating func join(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        if let self {
            self.futureResult.cascade(to: promise)
        } else {
            self = promise
        }
    }

    /// Hands the promise over, to be completed once.
    fileprivate mutating func take() -> EventLoopPromise<Void>? {
        defer { self = nil }
        return self
    }
}
