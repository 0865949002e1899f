import HysteriaStats
import NIOConcurrencyHelpers
import NIOCore

/// The event loop that fetches what callers of an upstream share, for all event loops: Hysteria is asked once for everybody.
///
/// It is that of the first one that knows the upstream. What goes out once, such as a `clear`, each sends by itself.
final class FetchLoop: Sendable {
    private let upstream = NIOLockedValueBox<NIOLoopBound<Upstream>?>(nil)

    /// The upstream on the event loop that fetches; nil for that event loop itself.
    func upstream(for own: Upstream, on eventLoop: any EventLoop) -> NIOLoopBound<Upstream>? {
        upstream.withLockedValue { upstream in
            if let upstream { return upstream.eventLoop === eventLoop ? nil : upstream }
            upstream = NIOLoopBound(own, eventLoop: eventLoop)
            return nil
        }
    }
}

/// The reads of an upstream on an event loop that does not fetch them itself.
///
/// Callers of one turn share a fetch here as well, so that one message goes to the other event loop for all of them.
/// Not `Sendable`: it is used on its event loop only.
final class RemoteFetches {
    private struct Waiter {
        let receiver: any StatsAnswerReceiver
        let ticket: UInt64
    }

    /// Takes the answer on the event loop that fetches, and brings it here.
    private final class Messenger: StatsAnswerReceiver {
        private let fetches: NIOLoopBound<RemoteFetches>
        private let call: ReadCall

        init(_ fetches: NIOLoopBound<RemoteFetches>, _ call: ReadCall) {
            self.fetches = fetches
            self.call = call
        }

        func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
            fetches.eventLoop.execute { [fetches, call] in fetches.value.arrived(result, call) }
        }
    }

    private let eventLoop: any EventLoop
    private let upstream: NIOLoopBound<Upstream>
    private var reads: [CoalescingStateMachine<Waiter>] = ReadCall.allCases.map { _ in CoalescingStateMachine() }
    /// What everybody gets who asks when this has been shut down.
    private var end: StatsError?
    /// Callers that share the fetch of another one.
    private(set) var coalesced = 0

    /// - Parameter upstream: on the event loop that fetches.
    init(_ upstream: NIOLoopBound<Upstream>, on eventLoop: any EventLoop) {
        self.upstream = upstream
        self.eventLoop = eventLoop
    }

    /// Asks, and gives the answer or the error to the receiver: never one that was fetched before.
    func perform(_ call: ReadCall, for receiver: any StatsAnswerReceiver, ticket: UInt64) {
        if let end {
            return eventLoop.assumeIsolated().execute { receiver.receive(.failure(end), for: ticket) }
        }
        switch reads[call.rawValue].join(Waiter(receiver: receiver, ticket: ticket)) {
        case .scheduleFetch: schedule(call)
        case .wait: coalesced += 1
        }
    }

    /// At the end of the turn: who asks until then shares it.
    private func schedule(_ call: ReadCall) {
        eventLoop.assumeIsolated().execute { [self] in
            // Unless this has been shut down meanwhile.
            guard reads[call.rawValue].isScheduled else { return }
            reads[call.rawValue].startFetch()
            let messenger = NIOLoopBound(self, eventLoop: eventLoop)
            upstream.eventLoop.execute { [upstream] in
                upstream.value.perform(call.statsCall, for: Messenger(messenger, call), ticket: 0)
            }
        }
    }

    private func arrived(_ result: Result<StatsAnswer, StatsError>, _ call: ReadCall) {
        guard end == nil else { return }
        var (waiters, scheduleNext) = reads[call.rawValue].endFetch()
        if scheduleNext { schedule(call) }
        for waiter in waiters { waiter.receiver.receive(result, for: waiter.ticket) }
        reads[call.rawValue].recycle(&waiters)
    }

    /// Everybody who waits gets an error now.
    func shutDown(_ error: StatsError) {
        end = error
        for waiter in reads.indices.flatMap({ reads[$0].abandon() }) {
            waiter.receiver.receive(.failure(error), for: waiter.ticket)
        }
    }
}
