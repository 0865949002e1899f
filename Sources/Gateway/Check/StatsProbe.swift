import HysteriaStats
import NIOCore

/// Asks Hysteria one question, outside of any gateway.
enum StatsProbe {
    /// Who is online: the smallest answer, and one that changes nothing.
    static func ask(_ upstream: StatsUpstream, on eventLoop: any EventLoop) async -> Result<StatsAnswer, StatsError> {
        await withCheckedContinuation { continuation in
            eventLoop.execute {
                let client = StatsClient(eventLoop: eventLoop, upstream: upstream)
                client.perform(.online, for: Receiver(client, continuation), ticket: 0)
            }
        }
    }

    private final class Receiver: StatsAnswerReceiver {
        private let client: StatsClient
        private let continuation: CheckedContinuation<Result<StatsAnswer, StatsError>, Never>

        init(_ client: StatsClient, _ continuation: CheckedContinuation<Result<StatsAnswer, StatsError>, Never>) {
            self.client = client
            self.continuation = continuation
        }

        func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
            continuation.resume(returning: result)
            client.shutDown()
        }
    }
}
