import Foundation
import Testing

@testable import Gateway

/// Good, bad, cut and pipelined requests over real sockets: what a caller gets is what the access log says.
@Suite("What the access log says was answered has arrived, or it says lost", .timeLimit(.minutes(60)))
struct DeliveryTests {
    private static let rounds = environment("DELIVERY_ROUNDS") ?? 1_000
    /// The same seed makes the same bytes.
    private static let seed = environment("DELIVERY_SEED") ?? 0
    private static let callers = 32

    @Test("whatever is asked, however it is cut, and however the connection ends")
    func sequences() async throws {
        let bench = try await DeliveryBench()
        let arrived = try await withThrowingTaskGroup(of: [(Int, [Int])].self) { tasks in
            for caller in 0..<Self.callers {
                tasks.addTask {
                    var arrived: [(Int, [Int])] = []
                    for round in stride(from: caller, to: Self.rounds, by: Self.callers) {
                        let sequence = Self.sequence(round)
                        let bytes = try await bench.call(sequence, from: Self.address(round))
                        arrived.append((round, DeliveryReading(bytes, sequence.way).statuses))
                    }
                    return arrived
                }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
        let lines = await bench.end()
        #expect(arrived.count == Self.rounds)
        var lost = 0
        for (round, statuses) in arrived {
            let sequence = Self.sequence(round)
            let logged = lines[Self.address(round)] ?? []
            let said = logged.filter { !$0.isLost }.map(\.status)
            let isHTTP2 = sequence.way == .http2
            let comment = Comment(rawValue: "DELIVERY_SEED=\(Self.seed + round) DELIVERY_ROUNDS=1: \(sequence)")
            #expect(isHTTP2 ? said.sorted() == statuses.sorted() : said == statuses, comment)
            // Whoever reads on gets all that was decided. Only what Hysteria was still asked for may be lost.
            #expect(logged.allSatisfy { !$0.isLost || $0.status == 502 }, comment)
            lost += logged.count - said.count
        }
        let answers = arrived.reduce(0) { $0 + $1.1.count }
        print("\(Self.rounds) sequences: \(answers) answers arrived, \(lost) were said to be lost")
        #expect(answers > Self.rounds)
    }

    private static func sequence(_ round: Int) -> DeliverySequence { DeliverySequence(seed: UInt64(seed + round)) }

    /// An address of its own for each, by which the lines of the log are told apart.
    private static func address(_ round: Int) -> String {
        "127.\(1 + (round >> 16)).\((round >> 8) & 0xFF).\(round & 0xFF)"
    }

    private static func environment(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }
}
