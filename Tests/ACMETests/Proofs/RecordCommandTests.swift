import Foundation
import Testing

@testable import ACME

@Suite("The command for records of DNS")
struct RecordCommandTests {
    private let scratch: ScratchFolder
    private let proof: Proof

    init() throws {
        scratch = try ScratchFolder()
        proof = try ProofTableTests.proof("new.example", .dns)
    }

    private func run(
        _ script: String,
        _ action: RecordCommand.Action = .present,
        milliseconds: Int = 60_000
    ) async throws(ProofError) -> String {
        let path: String
        do { path = try scratch.script(script) } catch { throw ProofError("\(error)") }
        return try await RecordCommand(path: path, milliseconds: milliseconds).run(action, proof)
    }

    private func failure(_ script: String, milliseconds: Int = 60_000) async -> String {
        do throws(ProofError) {
            return "no failure: " + (try await run(script, milliseconds: milliseconds))
        } catch {
            return error.description
        }
    }

    @Test("gets what lego gives: the action, the record's name with its dot, the value")
    func contract() async throws {
        let value = KeyAuthorization.recordValue(of: proof.keyAuthorization)
        #expect(value.utf8.count == 43)
        #expect(try await run(#"echo "$#:$1:$2:$3""#) == "3:present:_acme-challenge.new.example.:\(value)")
        #expect(try await run(#"echo "$1""#, .cleanup) == "cleanup")
        #expect(RecordCommand.recordName(of: try Identifier("*.wild.example")) == "_acme-challenge.wild.example.")
    }

    @Test("has no variable, no descriptor, no input and no signal mask of ours, and its own process group")
    func closed() async throws {
        setenv("RECORD_COMMAND_SECRET", "secret", 1)
        // One that is inherited by whoever does not close it.
        let leaking: CInt = 777
        #expect(dup2(STDIN_FILENO, leaking) == leaking)
        defer { close(leaking) }
        let output = try await run(
            """
            env | sed 's/=.*//' | sort | tr '\\n' ' '
            for fd in /proc/$$/fd/*; do printf '%s ' "${fd##*/}"; done
            cat | wc -c
            grep -E 'Sig(Blk|Ign)' /proc/$$/status | tr -d '\\t\\n'
            [ "$(ps -o pgid= $$ | tr -d ' ')" = $$ ] && echo ' own group'
            """
        )
        #expect(output.hasPrefix("HOME LANG PATH PWD "), "\(output)")
        #expect(output.contains(" 1 ") && !output.contains(" 777 "), "\(output)")
        // cat counted no byte. Signals 32 and 33 are glibc's own.
        let ignored = try #require(output.firstMatch(of: /SigBlk:0{16}SigIgn:([0-9a-f]{16})/)?.1)
        #expect(output.contains(" 0 SigBlk") && UInt64(ignored, radix: 16).map { $0 & 0x7fff_ffff } == 0, "\(output)")
        #expect(output.hasSuffix("own group"), "\(output)")
    }

    @Test("a failure says the command, the status and what it wrote")
    func failures() async throws {
        let words = await failure("echo no such zone >&2; exit 3")
        #expect(words.hasSuffix("/hook present ended with status 3; it wrote: no such zone"), "\(words)")
        #expect(await failure("exit 1").hasSuffix("status 1; it wrote nothing"))
        #expect(await failure("kill -TERM $$").contains("was ended by signal 15"))
    }

    @Test("what is no program is an error that names it", arguments: ["/nowhere/hook", "hook", "/etc/hostname"])
    func noProgram(path: String) async throws {
        let error = await #expect(throws: ProofError.self) { try await RecordCommand(path: path).run(.present, proof) }
        #expect(error?.description.hasPrefix("\(path) cannot be run: ") == true)
    }

    @Test("of a lot of output the beginning is kept, and the command does not wait for a reader")
    func flood() async throws {
        let output = try await run("head -c 3000000 /dev/zero | tr '\\0' x; echo end")
        #expect(output.utf8.count == RecordCommand.outputLimit)
    }

    @Test("nothing that a terminal obeys comes into the log")
    func controls() async throws {
        #expect(try await run(#"printf 'a\033[31mb\r\nc\302\233d\342\200\256e\377'"#) == "a [31mb c d e\u{fffd}")
    }

    @Test("one that takes too long is killed with what it has started", .timeLimit(.minutes(5)))
    func late() async throws {
        let words = await failure(
            "sleep 1000 & echo $! >\(scratch.path)/child; trap '' TERM; echo waiting; wait; sleep 1000",
            milliseconds: 500
        )
        #expect(words.contains("took longer than") && words.hasSuffix("waiting"), "\(words)")
        let child = try #require(
            scratch.read("child").flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        )
        // A killed process is one no more, or a zombie that nobody has waited for yet.
        let state = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8))?.split(separator: " ")
            .dropFirst(2).first
        #expect(state == nil || state == "Z")
    }

    @Test("what it leaves running keeps nobody waiting", .timeLimit(.minutes(5)))
    func background() async throws {
        #expect(try await run("sleep 1000 & echo $! >\(scratch.path)/child; echo done") == "done")
        let text = try #require(scratch.read("child"))
        let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        // It has the pipe still.
        #expect(kill(child, SIGKILL) == 0)
    }

    @Test("when its caller gives up, it is killed")
    func cancelled() async throws {
        let path = try scratch.script("sleep 1000")
        let proof = proof
        let task = Task { () -> String in
            do throws(ProofError) { return try await RecordCommand(path: path).run(.present, proof) } catch {
                return "\(error)"
            }
        }
        task.cancel()
        #expect(await task.value.contains("was killed"))
    }
}
