import NIOCore
import Testing

@testable import AnswerViews
@testable import Ledger

@Suite("a consumer's view")
struct ClearsViewTests {
    private func clear(_ id: Int64, _ verdict: ClearVerdict, key: String? = nil, users: Int64 = 1) -> ClearImage {
        ClearImage(
            id: ClearID(id),
            view: ViewID(1),
            key: key,
            at: (now + id) * 1000,
            verdict: verdict,
            amounts: (1...users).map {
                CountedTraffic(CounterKey(server: ServerID(1), user: UserID($0)), Traffic(up: UInt64($0), down: 2))
            }
        )
    }

    private func view(_ clears: [ClearImage], acknowledged: Int64? = nil, offered: Int64? = nil) -> ClearsView {
        let figures = ViewFigures(
            id: ViewID(1),
            name: "panel",
            began: now * 1000,
            lastUsed: now * 1000 + 999,
            acknowledged: acknowledged,
            offered: offered,
            clears: clears
        )
        return ClearsView(figures, zone: utc, server: "vps1") { amounts in
            amounts.map { NamedTraffic(bytes("u\($0.key.user.value)"), $0.traffic) }
        }
    }

    @Test("JSON has the clears with verdict and amounts, the newest first")
    func json() {
        #expect(
            written {
                view([clear(1, .delivered), clear(2, .returned, key: "k\"", users: 2)], acknowledged: 7, offered: 9)
                    .writeJSON(into: &$0)
            }
                == #"""
                {"view":"panel","server":"vps1","began":"2026-11-27T10:15:20+00:00","lastUsed":"2026-11-27T10:15:20+00:00",
                "acknowledged":7,"offered":9,"clears":[
                {"id":2,"at":"2026-11-27T10:15:22+00:00","verdict":"returned","key":"k\"","tx":3,"rx":4,
                "users":[{"user":"u1","tx":1,"rx":2},{"user":"u2","tx":2,"rx":2}]},
                {"id":1,"at":"2026-11-27T10:15:21+00:00","verdict":"delivered","key":null,"tx":1,"rx":2,
                "users":[{"user":"u1","tx":1,"rx":2}]}]}
                """#.replacing("\n", with: "")
        )
        let empty = written { view([]).writeJSON(into: &$0) }
        #expect(empty.hasSuffix(#""acknowledged":null,"offered":null,"clears":[]}"#))
    }

    @Test("the last hundred clears are told")
    func limit() {
        let text = written { view((1...130).map { clear($0, .delivered) }).writeJSON(into: &$0) }
        #expect(text.ranges(of: "verdict").count == 100)
        #expect(text.contains(#"{"id":130,"#) && text.contains(#"{"id":31,"#) && !text.contains(#"{"id":30,"#))
    }

    @Test("text names who had the most, and says what verdicts mean")
    func text() {
        #expect(
            written {
                view([clear(1, .returned), clear(2, .undecided, users: 7)], acknowledged: 7).writeText(into: &$0)
            } == """
                view panel of vps1, since 27 Nov 2026 10:15
                cursor: 7 acknowledged

                ID  AT                  VERDICT      UP  DOWN
                 2  27 Nov 10:15:22     undecided  28 B  14 B
                      u7                            7 B   2 B
                      u6                            6 B   2 B
                      u5                            5 B   2 B
                      u4                            4 B   2 B
                      u3                            3 B   2 B
                      and 2 users more
                 1  27 Nov 10:15:21     returned    1 B   2 B
                      u1                            1 B   2 B
                returned: the answer was lost; the bytes are in the view again
                undecided: it is not known yet whether the answer arrived

                """
        )
        #expect(written { view([]).writeText(into: &$0) }.hasSuffix("\nNo clear yet.\n"))
    }
}
