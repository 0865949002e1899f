import Foundation
import NIOHTTP1
import Testing

@testable import Gateway
@testable import HTTPServer

/// Whatever is accepted here, another widely used parser reads the same way. `docs/http.md` lists the exceptions.
@Suite("NIOHTTP1 agrees with whatever is accepted")
struct NIOHTTP1ComparisonTests {
    /// How many connections are tried in one run of the tests. CI tries a million.
    private static let rounds = environment("FUZZ_ROUNDS") ?? 20_000
    /// Which ones. The same seed and number make the same bytes.
    private static let seed = environment("FUZZ_SEED") ?? 0
    /// All cores work at it.
    private static let shards = ProcessInfo.processInfo.activeProcessorCount

    /// What `docs/http.md` says of it, by the names of the corpus.
    private static let acceptedThere: Set = [
        "no Host", "two Hosts", "an empty Host", "an empty Host in HTTP/1.0", "a Host with a blank",
        "a Host with a slash",
        "a Host with a user", "a Host that is a list", "a Host beyond ASCII", "a Host in quotes",
        "a Host that is a bracket", "a Host that is an address without brackets",
        "a Host with a port that is no number", "a Host with a negative port", "a Host with two ports",
        "a Host that is a port", "a Host with a malformed escape", "a Host with half an escape",
        "a Host with a name in brackets", "a Host with IPv4 in brackets", "a Host with text behind brackets",
        "a Host with brackets inside", "a Host with a zone", "a bracket in absolute form",
        "a port that is no number in absolute form",
        "absolute form without a Host",
        "two credentials",
        "an expectation unknown", "an empty expectation",
        "identity and chunked", "gzip, chunked", "Transfer-Encoding in HTTP/1.0",
        "bare LF first", "a CR alone first", "two empty lines first", "two empty lines between",
        "two blanks behind the method", "two blanks behind the target",
        "a fragment", "asterisk form of another method", "another scheme", "a scheme without an authority",
        "a scheme and nothing", "a user in absolute form",
        "CONNECT", "CONNECT with a path",
        "a chunk extension with an empty value", "a huge chunk extension", "a chunk size of seventeen digits",
        "a tab before a Content-Length", "a tab behind close", "Connection in a trailer",
        "a head one byte too large", "a body one byte too large",
    ]

    @Test("on the requests of the corpus")
    func corpus() {
        for bytes in RequestCorpus.all {
            #expect(HTTP1Comparison(bytes).disagreement == nil)
        }
    }

    @Test("on generated and damaged requests", arguments: 0..<shards)
    func mutations(shard: Int) {
        let rounds = Self.rounds / Self.shards
        var accepted = 0
        var disagreements = 0
        for round in 0..<rounds where disagreements < 20 {
            // Each has a seed of its own, so that one is told by its number alone.
            let seed = UInt64(Self.seed + shard * rounds + round)
            let bytes = RequestMutator.request(seed: seed)
            let comparison = HTTP1Comparison(bytes)
            accepted += comparison.ours.messages.count
            guard let disagreement = comparison.disagreement else { continue }
            disagreements += 1
            let text = String(decoding: bytes, as: UTF8.self).debugDescription
            Issue.record("\(disagreement)\nFUZZ_SEED=\(seed) FUZZ_ROUNDS=\(Self.shards): \(text)\n\(bytes)")
        }
        // Otherwise the mutations are too wild to compare anything.
        #expect(accepted > rounds / 10 || disagreements > 0)
    }

    @Test("and accepts what is refused here on purpose, and nothing else of the corpus")
    func stricter() {
        let accepted = RequestCorpus.bad.filter { request in
            let theirs = ReferenceReading(request.bytes)
            return theirs.error == nil && theirs.messages.count > request.requestsBefore
        }
        #expect(Set(accepted.map(\.name)) == Self.acceptedThere)
    }

    private static func environment(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }
}
