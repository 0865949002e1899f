import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import ACME

@Suite("Showing proofs")
struct ProofDeskTests {
    private final class Clock: KeeperClock {
        let slept = NIOLockedValueBox<[Int64]>([])

        func now() -> Int64 { 0 }
        func sleep(_ seconds: Int64) async { slept.withLockedValue { $0.append(seconds) } }
    }

    private let scratch: ScratchFolder
    private let clock = Clock()
    private let problems = NIOLockedValueBox<[String]>([])
    private let desk: ProofDesk

    init() throws {
        scratch = try ScratchFolder()
        let problems = problems
        desk = ProofDesk(folder: ProofFolder(path: "\(scratch.path)/challenges", process: 1), clock: clock) { problem in
            problems.withLockedValue { $0.append(problem) }
        }
    }

    private func other() -> ProofDesk {
        ProofDesk(folder: ProofFolder(path: "\(scratch.path)/challenges", process: 2), clock: clock)
    }

    @Test("what is shown is in the table and in the folder; what is hidden in neither")
    func shown() async throws {
        let proofs = [try ProofTableTests.proof("a.example", .tls), try ProofTableTests.proof("b.example", .http)]
        try await desk.show(proofs)
        let other = other()
        other.refresh()
        for table in [desk.table, other.table] {
            #expect(table.challengeContext(for: "a.example") != nil)
            #expect(table.answer(toToken: "token", host: "b.example") != nil)
        }
        #expect(await desk.askers(of: proofs[0]) == "the proof was asked for once")
        _ = desk.table.challengeContext(for: "a.example")
        #expect(await desk.askers(of: proofs[0]) == "the proof was asked for 2 times")

        // Whoever comes after a crash hides what it has not shown.
        await other.hide([proofs[1]])
        await desk.hide(proofs)
        desk.refresh()
        other.refresh()
        #expect(desk.table.count == 0 && other.table.count == 0)
        #expect(await desk.askers(of: try ProofTableTests.proof("c.example", .http)) == "nobody asked for the proof")
    }

    @Test("what a killed process left does not stand before the proof that is wanted now", arguments: ["a", "z"])
    func leftBehind(token: String) async throws {
        // In either order of the files' names.
        let left = try ProofTableTests.proof("a.example", .tls, token: token)
        let wanted = try ProofTableTests.proof("a.example", .tls, token: "m")
        try await desk.show([left])
        try await other().show([wanted])
        let gateway = other()
        gateway.refresh()
        _ = gateway.table.challengeContext(for: "a.example")
        #expect(gateway.table.timesAsked(for: wanted) == 1)
        #expect(gateway.table.timesAsked(for: left) == 0)
    }

    @Test("a proof to try out stands behind a real one")
    func trial() async throws {
        let folder = ProofFolder(path: "\(scratch.path)/challenges", process: 3)
        let trials = try (0..<8).map { try ProofTableTests.proof("a.example", .tls, token: "trial\($0)") }
        for trial in trials { try folder.write(trial: trial) }
        let wanted = try ProofTableTests.proof("a.example", .tls)
        try await desk.show([wanted])
        let gateway = other()
        gateway.refresh()
        _ = gateway.table.challengeContext(for: "a.example")
        #expect(gateway.table.timesAsked(for: wanted) == 1)
        for trial in trials { folder.remove(trial) }
        #expect(folder.read().proofs == [wanted])
    }

    @Test("showing more keeps what is shown")
    func more() async throws {
        try await desk.show([ProofTableTests.proof("a.example", .tls)])
        try await desk.show([ProofTableTests.proof("b.example", .tls)])
        #expect(desk.table.challengeContext(for: "a.example") != nil)
        #expect(desk.table.challengeContext(for: "b.example") != nil)
    }

    @Test("records are set by the command, and after it there is the pause for servers of DNS")
    func records() async throws {
        let script = try scratch.script("echo \"$1 $2\" >>\(scratch.path)/log")
        desk.apply(
            folder: ProofFolder(path: "\(scratch.path)/challenges", process: 1),
            dns: DNSSettings(command: script, wait: 42),
            host: nil
        )
        let proof = try ProofTableTests.proof("a.example", .dns)
        try await desk.show([proof])
        #expect(clock.slept.withLockedValue { $0 } == [42])
        await desk.hide([proof])
        #expect(scratch.read("log") == "present _acme-challenge.a.example.\ncleanup _acme-challenge.a.example.\n")
        #expect(desk.table.count == 0)
    }

    @Test("if one of several cannot be shown, none is")
    func failure() async throws {
        let script = try scratch.script("[ \"$1\" = cleanup ] || exit 1")
        desk.apply(
            folder: ProofFolder(path: "\(scratch.path)/challenges", process: 1),
            dns: DNSSettings(command: script, wait: 42),
            host: nil
        )
        let proofs = [try ProofTableTests.proof("a.example", .tls), try ProofTableTests.proof("b.example", .dns)]
        await #expect(throws: ProofError.self) { try await desk.show(proofs) }
        desk.refresh()
        #expect(desk.table.count == 0)
        #expect(clock.slept.withLockedValue { $0.isEmpty })
    }

    @Test("without a command there is no proof by DNS, and the error says so")
    func noCommand() async throws {
        let proof = try ProofTableTests.proof("a.example", .dns)
        let error = await #expect(throws: ProofError.self) { try await desk.show([proof]) }
        #expect(error?.description.contains("no command") == true)
    }

    @Test("a file that is no proof is told once, and again if it comes again")
    func told() throws {
        for round in 1...2 {
            try scratch.write("{", to: "challenges/bad.json")
            desk.refresh()
            desk.refresh()
            #expect(problems.withLockedValue(\.count) == round)
            try scratch.write("", to: "challenges/bad.txt")
            try LinuxFileSystem().remove("\(scratch.path)/challenges/bad.json")
            desk.refresh()
        }
    }

    @Test(
        "another process's proof, and Hysteria's in a folder that was not there, are shown when they come",
        .timeLimit(.minutes(1))
    )
    func followed() async throws {
        desk.apply(
            folder: ProofFolder(path: "\(scratch.path)/challenges", process: 1),
            dns: nil,
            host: HostChallenges(directory: "\(scratch.path)/hysteria")
        )
        try scratch.write("", to: "hysteria/lock")
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let following = Task { [desk] in await desk.follow(on: eventLoop) }
        try await other().show([ProofTableTests.proof("a.example", .tls)])
        while desk.table.challengeContext(for: "a.example") == nil { try await Task.sleep(for: .milliseconds(5)) }
        let proof = try ProofTableTests.proof("h.example", .http)
        try scratch.write(
            String(buffer: proof.json.encoded),
            to: "hysteria/acme/issuer/challenge_tokens/h.example.json"
        )
        while desk.table.answer(toToken: "token", host: "h.example") == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        following.cancel()
        await following.value
    }
}
