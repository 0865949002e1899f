import CLinux
import Glibc
import NIOCore

/// Sends a message to a DNS server and brings its answer: the servers of this machine's resolver, or a test's.
package struct DNSExchange: Sendable {
    package let answer: @Sendable (_ question: [UInt8]) async -> Result<[UInt8], DNSError>

    package init(_ answer: @escaping @Sendable (_ question: [UInt8]) async -> Result<[UInt8], DNSError>) {
        self.answer = answer
    }

    /// The servers of `/etc/resolv.conf`, each of which is asked once, over TCP as well if the answer is long.
    package static func system(within limit: TimeAmount = .seconds(5)) -> DNSExchange {
        DNSExchange { question in
            let answer = await TimeLimitedAnswer.of(within: limit) { ask(question) }
            let seconds = limit.nanoseconds / 1_000_000_000
            return answer ?? .failure(.unreached("DNS did not answer within \(seconds) s"))
        }
    }

    private static let answerLimit = 65_535
    /// How long one server has.
    private static let seconds: CInt = 3

    private static func ask(_ question: [UInt8]) -> Result<[UInt8], DNSError> {
        var answer = [UInt8](repeating: 0, count: answerLimit)
        let count = CLinux_resolver_send(question, CInt(question.count), &answer, CInt(answer.count), seconds)
        guard count >= 0 else {
            // A server that fails to find out is passed over, and is not told from one that says nothing.
            return .failure(
                .unreached("no DNS server of this machine has an answer: each failed (SERVFAIL) or was too slow")
            )
        }
        return .success(Array(answer.prefix(Int(count))))
    }
}
