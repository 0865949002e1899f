import Foundation
import HysteriaStats
import JSON
import NIOCore

/// JSON: what is read is JSON to Foundation too, and what is written of it is read the same again.
struct JSONTarget: FuzzTarget {
    let name = "json"

    let longest = 512
    let words = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\\"", "\\u0000", "\\u00e9", "\\ud83d", "\\ude00", "\\n", "\\/",
        "null", "true",
        "false", "0", "-", ".", "1e9", "E+1", "18446744073709551615", "18446744073709551616", "4294967296", "{\"a\":1}",
        "{\"a\":{\"tx\":1,\"rx\":2}}", "\"tx\":", "\"rx\":", "\"streams\":[", "\"state\":\"estab\"", "\"auth\":",
        "\"connection\":",
        "\"stream\":", "\"req_addr\":", "\"hooked_req_addr\":", "\"initial_at\":", "\"last_active_at\":",
        "\"2026-01-01T00:00:00Z\"", "\u{EF}\u{BB}\u{BF}", "\u{C3}\u{A9}", "\u{ED}\u{A0}\u{80}", "\u{C0}\u{80}",
    ]

    var seeds: [[UInt8]] {
        [
            #"["wang","\u00e9\ud83d\ude00\n"]"#, "[]", " [ \"\" ] ", #"["a",null]"#, #"["a"] x"#, #"["\ud800"]"#,
            "[[[[]]]]", "null",
            #"{"wang":{"tx":514,"rx":18446744073709551615}}"#, #"{"a":1,"a":2}"#, "[-1.5e+10,true,false]", "[1e999]",
            #"{"streams":[{"state":"estab","auth":"a","connection":1,"stream":2,"req_addr":"b:1","hooked_req_addr":"","#
                + #""tx":1,"rx":2,"initial_at":"2026-01-01T00:00:00Z","last_active_at":"2026-01-01T00:00:00Z"}]}"#,
        ].map { Array($0.utf8) }
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let buffer = ByteBuffer(bytes: input)
        if let users = try? KickBody.parse(buffer) {
            require((try? KickBody.parse(KickBody.encoded(users))) == users, "a kick is written otherwise")
            let theirs = try? JSONSerialization.jsonObject(with: Data(input)) as? [String]
            require(
                theirs?.map(Self.withoutMark) == users.map(Self.withoutMark),
                "a kick of \(users), to Foundation: \(theirs ?? [])"
            )
            require(skips(input), "read as a kick, and not passed over")
        }
        if let answer = try? TrafficAnswer(parsing: buffer) {
            require((try? TrafficAnswer(parsing: answer.encoded())) == answer, "traffic is written otherwise")
            compare(answer.entries.map { ($0.user, [$0.tx, $0.rx]) }, input) { their in
                let counters = their as? [String: Any]
                return [counters?["tx"] as? UInt64, counters?["rx"] as? UInt64].compactMap(\.self)
            }
        }
        if let answer = try? OnlineAnswer(parsing: buffer) {
            require((try? OnlineAnswer(parsing: answer.encoded())) == answer, "who is online is written otherwise")
            compare(answer.entries.map { ($0.user, $0.connections) }, input) { $0 as? UInt64 }
        }
        if let answer = try? StreamsAnswer(parsing: buffer) {
            require((try? StreamsAnswer(parsing: answer.encoded())) == answer, "streams are written otherwise")
        }
        _ = skips(input)
    }

    /// Compares what was read of users with what Foundation reads, of which `value` tells the same.
    private func compare<Value: Equatable>(
        _ entries: [(user: String, value: Value)],
        _ input: UnsafeRawBufferPointer,
        _ value: (Any) -> Value?
    ) {
        guard let theirs = (try? JSONSerialization.jsonObject(with: Data(input))) as? [String: Any] else {
            fatalError("no object to Foundation")
        }
        // Foundation has one of several that are the same, and to Swift, é is é however it is put together.
        let counts = Dictionary(grouping: entries, by: \.user).mapValues(\.count)
        for entry in entries where counts[entry.user] == 1 && Self.withoutMark(entry.user) == entry.user {
            let their = theirs[entry.user].flatMap(value)
            require(their == entry.value, "\(entry), to Foundation \(String(describing: their))")
        }
    }

    /// Foundation leaves U+FEFF out behind some characters, which is its mistake.
    private static func withoutMark(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FEFF}" }))
    }

    private func skips(_ input: UnsafeRawBufferPointer) -> Bool {
        var reader = JSONReader(input)
        do {
            try reader.skipValue()
            try reader.readEnd()
            return true
        } catch {
            return false
        }
    }
}
