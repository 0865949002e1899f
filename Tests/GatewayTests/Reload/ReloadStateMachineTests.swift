import Testing

@testable import Gateway

@Suite("When to reload")
struct ReloadStateMachineTests {
    private typealias Machine = ReloadStateMachine<Int>

    /// A machine that has read files in state 1 with success.
    private static func steady() -> Machine {
        var machine = Machine()
        #expect(machine.looked(1) == .settle)
        #expect(machine.looked(1) == .load)
        #expect(machine.loaded(.success, before: 1, after: 1) == .commit)
        return machine
    }

    /// What comes of a failure, once reading has failed so twice.
    private static func confirm(_ reason: String, at snapshot: Int, in machine: inout Machine) -> Machine.Action {
        #expect(machine.loaded(.failure(reason), before: snapshot, after: snapshot) == .settle)
        #expect(machine.looked(snapshot) == .load)
        return machine.loaded(.failure(reason), before: snapshot, after: snapshot)
    }

    @Test("nothing happens while nothing changes")
    func steady() {
        var machine = Self.steady()
        #expect(machine.looked(1) == .wait)
        #expect(machine.timePassed(1) == .wait)
    }

    @Test("a change is read when it has come to rest")
    func settling() {
        var machine = Self.steady()
        #expect(machine.looked(2) == .settle)
        #expect(machine.looked(3) == .settle)
        #expect(machine.looked(3) == .load)
        #expect(machine.loaded(.success, before: 3, after: 3) == .commit)
        #expect(machine.looked(3) == .wait)
    }

    @Test("a change that is undone is read all the same")
    func undone() {
        var machine = Self.steady()
        #expect(machine.looked(2) == .settle)
        #expect(machine.looked(1) == .settle)
        #expect(machine.looked(1) == .load)
    }

    @Test("files that never rest are read in the end")
    func restless() {
        var machine = Self.steady()
        var looks = 1
        while machine.looked(looks + 1) == .settle { looks += 1 }
        #expect(looks == 21)
        // Nor does reading them begin anew for ever.
        var reads = 1
        while machine.loaded(.success, before: 0, after: reads) != .commit {
            #expect(machine.looked(reads) == .load)
            reads += 1
            try? #require(reads < 100)
        }
        #expect(reads == 21)
    }

    @Test("what changed while it was read does not count")
    func torn() {
        for outcome in [Machine.Outcome.success, .failure("half a file")] {
            var machine = Self.steady()
            #expect(machine.demanded() == .load)
            #expect(machine.loaded(outcome, before: 1, after: 2) == .settle)
            #expect(machine.looked(2) == .load)
            #expect(machine.loaded(.success, before: 2, after: 2) == .commit)
        }
    }

    @Test("a failure that reading again does not confirm is not told")
    func swapped() {
        var machine = Self.steady()
        #expect(machine.demanded() == .load)
        // A link was swapped between two files, and swapped back.
        #expect(machine.loaded(.failure("no pair"), before: 2, after: 2) == .settle)
        #expect(machine.looked(2) == .load)
        #expect(machine.loaded(.success, before: 2, after: 2) == .commit)
    }

    @Test("a failure that is another one each time is told in the end")
    func restlessFailure() {
        var machine = Self.steady()
        #expect(machine.demanded() == .load)
        var reads = 1
        while machine.loaded(.failure("\(reads)"), before: 2, after: 2) != .reject {
            #expect(machine.looked(2) == .load)
            reads += 1
            try? #require(reads < 100)
        }
        #expect(reads == 21)
    }

    @Test("what cannot be used is told once, retried as time passes, and told again when the reason is another one")
    func failing() {
        var machine = Self.steady()
        #expect(machine.looked(2) == .settle)
        #expect(machine.looked(2) == .load)
        #expect(Self.confirm("no pair", at: 2, in: &machine) == .reject)
        #expect(machine.looked(2) == .wait)
        for _ in 0..<3 {
            #expect(machine.timePassed(2) == .load)
            #expect(machine.loaded(.failure("no pair"), before: 2, after: 2) == .keep)
        }
        #expect(machine.timePassed(2) == .load)
        #expect(Self.confirm("other", at: 2, in: &machine) == .reject)
        #expect(machine.timePassed(2) == .load)
        #expect(machine.loaded(.success, before: 2, after: 2) == .commit)
        #expect(machine.timePassed(2) == .wait)
    }

    @Test("the same failure after another change is told again")
    func failingAgain() {
        var machine = Self.steady()
        #expect(machine.demanded() == .load)
        #expect(Self.confirm("no pair", at: 2, in: &machine) == .reject)
        #expect(machine.looked(3) == .settle)
        #expect(machine.looked(3) == .load)
        #expect(Self.confirm("no pair", at: 3, in: &machine) == .reject)
    }

    @Test("who demands it gets it at once, and hears of the same failure again")
    func demanded() {
        var machine = Self.steady()
        #expect(machine.demanded() == .load)
        #expect(machine.loaded(.success, before: 1, after: 1) == .commit)
        #expect(machine.demanded() == .load)
        #expect(Self.confirm("no pair", at: 1, in: &machine) == .reject)
        #expect(machine.demanded() == .load)
        #expect(machine.loaded(.failure("no pair"), before: 1, after: 1) == .reject)
        #expect(machine.looked(2) == .settle)
        #expect(machine.demanded() == .load)
    }

    @Test("what is incomplete is awaited for two more readings, then a failure; who demands it hears of it at once")
    func incomplete() {
        var machine = Self.steady()
        #expect(machine.looked(2) == .settle)
        #expect(machine.looked(2) == .load)
        #expect(machine.loaded(.incomplete("no pair"), before: 2, after: 2) == .settle)
        #expect(machine.looked(2) == .load)
        #expect(machine.loaded(.incomplete("no pair"), before: 2, after: 2) == .await)
        // The kernel tells of the same files: that is no reason to be impatient.
        #expect(machine.looked(2) == .wait)
        #expect(machine.timePassed(2) == .load)
        #expect(machine.loaded(.incomplete("no pair"), before: 2, after: 2) == .keep)
        #expect(machine.timePassed(2) == .load)
        #expect(machine.loaded(.incomplete("no pair"), before: 2, after: 2) == .reject)
        #expect(machine.timePassed(2) == .load)
        #expect(machine.loaded(.incomplete("no pair"), before: 2, after: 2) == .keep)
        #expect(machine.demanded() == .load)
        #expect(machine.loaded(.incomplete("no pair"), before: 2, after: 2) == .reject)
    }
}
