import Foundation
import HysteriaStats
import NIOCore

/// JSON: what is read is JSON to Foundation too, and what is written of it is read the same again.
struct JSONTarget: FuzzTarget {
    let name = "json"

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
            require(theirs == users, "a kick of \(users), to Foundation: \(theirs ?? [])")
            require(skips(input), "read as a kick, and not passed over")
        }
        if let answer = try? TrafficAnswer(parsing: buffer) {
            require((try? TrafficAnswer(parsing: answer.encoded())) == answer, "traffic is written otherwise")
        }
        if let answer = try? OnlineAnswer(parsing: buffer) {
            require((try? OnlineAnswer(parsing: answer.encoded())) == answer, "who is online is written otherwise")
        }
        if let answer = try? StreamsAnswer(parsing: buffer) {
            require((try? StreamsAnswer(parsing: answer.encoded())) == answer, "streams are written otherwise")
        }
        _ = skips(input)
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
