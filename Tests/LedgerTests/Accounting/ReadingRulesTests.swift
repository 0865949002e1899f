import Testing

@testable import Ledger

@Suite("Whether Hysteria's counters went on")
struct ReadingRulesTests {
    private func decide(
        lower: Bool = false,
        equal: Bool = false,
        sameConnection: Bool = false,
        marks: (String, String) = ("", ""),
        ownMachine: Bool = false
    ) -> ReadingRules.Decision {
        ReadingRules.decide(
            ReadingRules.Comparison(someoneIsLower: lower, someoneIsEqual: equal),
            ReadingRules.Evidence(
                isSameConnection: sameConnection,
                lastMark: marks.0,
                mark: marks.1,
                isOwnMachine: ownMachine
            )
        )
    }

    @Test("the first reading ever is an opening")
    func opening() {
        let evidence = ReadingRules.Evidence(isSameConnection: false, lastMark: "", mark: "a", isOwnMachine: true)
        #expect(ReadingRules.decide(nil, evidence) == .opening)
    }

    @Test("a user who is lower tells of an emptying, whatever else speaks against it")
    func lower() {
        #expect(decide(lower: true) == .anew(.restart))
        #expect(decide(lower: true, equal: true, marks: ("a", "a")) == .anew(.restart))
        // The process is the same: somebody else has cleared.
        #expect(decide(lower: true, sameConnection: true) == .anew(.cleared))
    }

    @Test("the same connection means the same process")
    func sameConnection() {
        #expect(decide(sameConnection: true, marks: ("a", "b"), ownMachine: true) == .difference)
    }

    @Test("an idle user proves that the counters went on")
    func idle() {
        #expect(decide(equal: true, marks: ("a", "b"), ownMachine: true) == .difference)
    }

    @Test("the same listening socket means the same process")
    func sameMark() { #expect(decide(marks: ("a", "a")) == .difference) }

    @Test("another listening socket tells of a restart on Hysteria's own machine only")
    func otherMark() {
        #expect(decide(marks: ("a", "b"), ownMachine: true) == .anew(.restart))
        #expect(decide(marks: ("a", "b"), ownMachine: false) == .assumedDifference)
    }

    @Test("a mark that is not known tells nothing", arguments: [("", "b"), ("a", ""), ("", "")])
    func unknownMark(marks: (String, String)) {
        #expect(decide(marks: marks, ownMachine: true) == .assumedDifference)
    }
}
