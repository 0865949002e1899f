import Foundation
import NIOHTTP1
import Testing

@testable import Gateway

/// Whatever is accepted here, another widely used parser reads the same way. `docs/http.md` lists the exceptions.
@Suite("NIOHTTP1 agrees with whatever is accepted")
struct NIOHTTP1ComparisonTests {
    /// How many connections are tried in one run of the tests; more with `GATEWAY_FUZZ_ITERATIONS`.
    private static let iterations =
        ProcessInfo.processInfo.environment["GATEWAY_FUZZ_ITERATIONS"].flatMap(Int.init) ?? 20_000

    /// What `docs/http.md` says of it, by the names of the corpus.
    private static let acceptedThere: Set = [
        "no Host", "two Hosts", "an empty Host", "an empty Host in HTTP/1.0", "a Host with a blank",
        "a Host with a slash",
        "a Host with a user", "a Host that is a list", "a Host beyond ASCII", "a Host in quotes",
        "absolute form without a Host",
        "two credentials",
        "an expectation unknown", "an empty expectation",
        "identity and chunked", "gzip, chunked", "Transfer-Encoding in HTTP/1.0",
        "bare LF first", "a CR alone first", "two empty lines first", "two empty lines between",
        "two blanks behind the method", "two blanks behind the target",
        "a fragment", "asterisk form of another method", "another scheme", "a scheme without an authority",
        "a scheme and nothing", "a user in absolute form",
        "CONNECT", "CONNECT with a path",
        "a chunk extension with an empty value", "a huge chunk extension", "a chunk size of eight digits",
        "a head one byte too large", "a body one byte too large",
    ]

    @Test("on the requests of the corpus")
    func corpus() {
        for bytes in RequestCorpus.all {
            #expect(Self.disagreement(on: bytes) == nil)
        }
    }

    @Test("on generated and damaged requests", arguments: 0..<4)
    func mutations(shard: Int) {
        var mutator = RequestMutator(seed: UInt64(shard))
        var accepted = 0
        for _ in 0..<Self.iterations / 4 {
            let bytes = mutator.next()
            if let disagreement = Self.disagreement(on: bytes, accepted: &accepted) {
                Issue.record("\(disagreement)\n\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
        // Otherwise the mutations are too wild to compare anything.
        #expect(accepted > Self.iterations / 40)
    }

    @Test("and accepts what is refused here on purpose, and nothing else of the corpus")
    func stricter() {
        let accepted = RequestCorpus.bad.filter { request in
            let theirs = ReferenceReading(request.bytes)
            return theirs.error == nil && theirs.messages.count > request.requestsBefore
        }
        #expect(Set(accepted.map(\.name)) == Self.acceptedThere)
    }

    private static func disagreement(on bytes: [UInt8]) -> String? {
        var accepted = 0
        return disagreement(on: bytes, accepted: &accepted)
    }

    /// What the two parsers read differently; nil where they agree or ours has refused.
    private static func disagreement(on bytes: [UInt8], accepted: inout Int) -> String? {
        let ours = Reading(bytes)
        let theirs = ReferenceReading(bytes)
        accepted += ours.messages.count
        for (index, message) in ours.messages.enumerated() {
            guard index < theirs.messages.count else {
                return theirs.isStricter(bytes) ? nil : "only here: \(ours), there \(theirs)"
            }
            var other = theirs.messages[index]
            if message.keepAlive, !other.keepAlive, !mayClose(bytes) { return "kept here, closed there: \(message)" }
            // To close what could be kept confuses nobody.
            other.keepAlive = message.keepAlive
            if message != other { return "\(message), there \(other)" }
        }
        guard theirs.messages.count > ours.messages.count else { return nil }
        switch ours.end {
        case .refused, .closed: return nil
        case .atBoundary, .within: return "only there: \(theirs), here \(ours)"
        }
    }

    /// Whether NIOHTTP1 may close where ours does not: for `Proxy-Connection`, which no standard knows, and where
    /// `keep-alive` is said twice.
    fileprivate static func mayClose(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return text.contains("proxy-connection") || text.components(separatedBy: "keep-alive").count > 2
    }
}

extension ReferenceReading {
    /// Whether it refused what is accepted here on purpose.
    fileprivate func isStricter(_ bytes: [UInt8]) -> Bool {
        switch error {
        // Methods it does not know, minor versions to come, the same Content-Length twice.
        case .invalidMethod, .invalidVersion, .unexpectedContentLength: true
        case .closedConnection: NIOHTTP1ComparisonTests.mayClose(bytes)
        // Behind a request that asks for another protocol it reads no further; here, the offer is passed over.
        case nil: isUpgrade
        default: false
        }
    }
}
