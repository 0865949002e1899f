import Foundation
import JSON
import NIOCore
import Testing

@testable import ACME

/// A folder for a test, removed with it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("proofs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func script(_ text: String, named name: String = "hook") throws -> String {
        try write("#!/bin/sh\n\(text)\n", to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(path)/\(name)")
        return "\(path)/\(name)"
    }

    func read(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite("The folder of proofs")
struct ProofFolderTests {
    private let scratch: ScratchFolder
    private let folder: ProofFolder

    init() throws {
        scratch = try ScratchFolder()
        folder = ProofFolder(path: "\(scratch.path)/challenges", process: 1)
    }

    @Test(
        "what is written is read again, by another process as well",
        arguments: ["new.example", "192.0.2.1", "2001:db8::1"]
    )
    func roundTrip(name: String) throws {
        let proofs = try Set(
            ProofKind.allCases.map { try ProofTableTests.proof(name, $0, token: "token_\($0.rawValue)") }
        )
        for proof in proofs { try folder.write(proof) }
        let other = ProofFolder(path: folder.path, process: 2)
        #expect(Set(other.read().proofs) == proofs)
        #expect(other.read().problems.isEmpty)
        for proof in proofs { other.remove(proof) }
        #expect(folder.read() == ProofReading())
    }

    @Test("a file is for its owner alone, and its name is nothing that an authority chose")
    func files() throws {
        let proof = try ProofTableTests.proof("new.example", .http, token: "tokenXYZ")
        try folder.write(proof)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == [ProofFolder.name(of: proof)])
        #expect(names[0].wholeMatch(of: /[0-9a-f]{64}\.json/) != nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(names[0])")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let above = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(above[.posixPermissions] as? Int == 0o700)
    }

    @Test("a folder that is not there has no proofs, and nothing to remove")
    func absent() throws {
        #expect(folder.read() == ProofReading())
        folder.remove(try ProofTableTests.proof("new.example", .http))
    }

    @Test("what is no proof is ignored with words that name the file, and the rest is read")
    func foreign() throws {
        let good = try ProofTableTests.proof("new.example", .http)
        try folder.write(good)
        let text = String(
            decoding: try #require(scratch.read("challenges/\(ProofFolder.name(of: good))")).utf8,
            as: UTF8.self
        )
        let bad: [String: String] = [
            "empty": "", "half": String(text.dropLast(5)), "array": "[]",
            "kind": text.replacing("http-01", with: "http-02"),
            "name": text.replacing("new.example", with: "new example"),
            "wildcard": text.replacing("new.example", with: "*.example"),
            "path": text.replacing("token", with: "../token"), "newline": text.replacing("token.t", with: "token.\\n"),
            "mismatch": text.replacing("token.t", with: "tokem.t"), "type": text.replacing(#""dns""#, with: #""ip""#),
            "html": text.replacing("token.t", with: "token.<script>"),
            "large": String(repeating: " ", count: 70_000) + text,
            "deep": String(repeating: "[", count: 10_000),
        ]
        for (name, text) in bad { try scratch.write(text, to: "challenges/\(name).json") }
        try scratch.write(text, to: "challenges/.draft.json")
        try scratch.write(text, to: "challenges/other.txt")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/folder.json", withIntermediateDirectories: true)
        let reading = folder.read()
        #expect(reading.proofs == [good])
        #expect(reading.problems.count == bad.count + 1, "\(reading.problems)")
        for name in bad.keys {
            #expect(reading.problems.contains { $0.contains("/challenges/\(name).json") }, "\(name)")
        }
        #expect(reading.problems.allSatisfy { !$0.contains(ProofTableTests.thumbprint) })
    }

    @Test("no more files are read than anybody can want")
    func bounded() throws {
        let text = try ProofTableTests.proof("new.example", .http).json.encoded
        for number in 0..<ProofReading.fileLimit + 10 {
            try scratch.write(String(buffer: text), to: "challenges/\(number).json")
        }
        let reading = folder.read()
        #expect(reading.proofs.count == ProofReading.fileLimit)
        #expect(reading.problems.count == 1)
    }

    @Test("a folder that cannot be made is an error that names it")
    func noFolder() throws {
        try scratch.write("", to: "challenges")
        let proof = try ProofTableTests.proof("new.example", .http)
        let error = #expect(throws: ProofError.self) { try folder.write(proof) }
        #expect(error?.description.contains(folder.path) == true)
        #expect(error?.description.contains(ProofTableTests.thumbprint) == false)
    }
}

@Suite("The proofs of a Hysteria beside")
struct HostChallengesTests {
    /// As certmagic writes it, with members that are of no use here.
    private static func challenge(_ name: String, type: String = "dns", kind: String = "tls-alpn-01", token: String)
        -> String
    {
        #"""
        {"type":"\#(kind)","url":"https://acme-v02.api.letsencrypt.org/acme/chall/1/2/xyz","status":"pending","error":null,"token":"\#(token)",
        "keyAuthorization":"\#(token).\#(ProofTableTests.thumbprint)","identifier":{"type":"\#(type)","value":"\#(name)"}}
        """#
    }

    @Test("are read from the folder of each issuer, under the names that certmagic gives them")
    func certmagic() throws {
        let scratch = try ScratchFolder()
        let folder = "acme/acme-v02.api.letsencrypt.org-directory/challenge_tokens"
        try scratch.write(Self.challenge("my.site.com", token: "a"), to: "\(folder)/my.site.com.json")
        try scratch.write(
            Self.challenge("192.0.2.1", type: "ip", token: "b"),
            to: "\(folder)/1.2.0.192.in-addr.arpa.json"
        )
        try scratch.write(
            Self.challenge("2001:db8::1", type: "ip", kind: "http-01", token: "c"),
            to: "\(folder)/2001-db8--1.json"
        )
        try scratch.write(
            Self.challenge("zero.site.com", kind: "http-01", token: "d"),
            to: "acme/acme.zerossl.com-v2-dv90/challenge_tokens/zero.site.com.json"
        )
        try scratch.write("{", to: "\(folder)/half.site.com.json")
        try scratch.write("{}", to: "acme/acme-v02.api.letsencrypt.org-directory/users/default/default.json")
        let reading = HostChallenges(directory: scratch.path).read()
        #expect(Set(reading.proofs.map(\.token)) == ["a", "b", "c", "d"])
        #expect(reading.problems.count == 1 && reading.problems[0].contains("half.site.com.json"))
        let table = ProofTable()
        try table.set(reading.proofs, of: .host)
        #expect(table.challengeContext(for: "my.site.com") != nil)
        #expect(table.challengeContext(for: "1.2.0.192.in-addr.arpa") != nil)
        #expect(table.answer(toToken: "c", host: "2001:db8::1") != nil)
    }

    @Test("there are none where Hysteria has no folder")
    func absent() throws {
        #expect(HostChallenges(directory: "/nowhere/at/all").read() == ProofReading())
    }

    @Test("a folder that cannot be read is a problem that names it, not an absence")
    func unreadable() throws {
        let scratch = try ScratchFolder()
        try scratch.write("", to: "acme")
        let reading = HostChallenges(directory: scratch.path).read()
        #expect(reading.proofs.isEmpty)
        #expect(reading.problems.count == 1 && reading.problems[0].hasPrefix("\(scratch.path)/acme cannot be listed"))
    }

    @Test("what is watched are all folders in which a new one can begin")
    func watched() throws {
        let scratch = try ScratchFolder()
        let challenges = HostChallenges(directory: scratch.path)
        #expect(challenges.watchedFolders == [scratch.path, "\(scratch.path)/acme"])
        try scratch.write("{}", to: "acme/issuer/users/x.json")
        #expect(
            challenges.watchedFolders
                == ["", "/acme", "/acme/issuer", "/acme/issuer/challenge_tokens"].map { scratch.path + $0 }
        )
    }
}
