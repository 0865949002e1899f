import NIOCore

/// The promises of writes that leave in one piece. They are kept in order, and completed in it.
struct JoinedPromise {
    private var first: EventLoopPromise<Void>?
    private var others: [EventLoopPromise<Void>] = []

    mutating func append(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        if first == nil {
            first = promise
        } else {
            others.append(promise)
        }
    }

    /// One promise for all of them, or `nil` if there is none. The usual case, a single one, costs nothing.
    func promise(on eventLoop: any EventLoop) -> EventLoopPromise<Void>? {
        guard let first, !others.isEmpty else { return first }
        let all = [first] + others
        let joined = eventLoop.makePromise(of: Void.self)
        joined.futureResult.whenComplete { result in
            for promise in all {
                promise.completeWith(result)
            }
        }
        return joined
    }

    /// Fails them all.
    func fail(_ error: any Error) {
        first?.fail(error)
        for promise in others {
            promise.fail(error)
        }
    }
}
