import COpenSSL
import Foundation
import Testing

@testable import NIOOpenSSL

@Suite("Ticket keys in a file")
struct TicketKeyFileTests {
    private static let first = String(repeating: "0a", count: 80)
    private static let second = String(repeating: "B1", count: 80)
    private static let third = String(repeating: "c2", count: 80)

    @Test("a ticket of one server is good for another that reads the same file", arguments: ResumingClient.versions)
    func aTicketOfOneServerIsGoodForAnotherThatReadsTheSameFile(version: CInt) throws {
        let file = try KeyFile([Self.first])
        let client = ResumingClient(version: version)
        let session = try client.connect(Fixtures.server(keys: TLSTicketKeys(file: file.path))).session
        let outcome = try client.connect(Fixtures.server(keys: TLSTicketKeys(file: file.path)), resuming: session)
        #expect(outcome.isResumed == true)
    }

    @Test(
        "a new first line encrypts after a refresh and the old one still decrypts",
        arguments: ResumingClient.versions
    )
    func aNewFirstLineEncryptsAfterARefreshAndTheOldOneStillDecrypts(version: CInt) throws {
        let file = try KeyFile([Self.first])
        let keys = try TLSTicketKeys(file: file.path)
        let context = try Fixtures.server(keys: keys)
        let client = ResumingClient(version: version)
        let first = try client.connect(context)
        #expect(first.session.keyName == Array(repeating: 0x0A, count: 16))
        try file.write([Self.second, Self.first])
        try keys.refresh()
        let second = try client.connect(context, resuming: first.session)
        #expect(second.isResumed == true)
        #expect(second.session.keyName == Array(repeating: 0xB1, count: 16))
        try file.write([Self.third, Self.second])
        try keys.refresh()
        #expect(try client.connect(context, resuming: first.session).isResumed == false)
        #expect(try client.connect(context, resuming: second.session).isResumed == true)
    }

    @Test("a refresh tells whether the file has other keys")
    func aRefreshTellsWhetherTheFileHasOtherKeys() throws {
        let file = try KeyFile([Self.first])
        let keys = try TLSTicketKeys(file: file.path)
        #expect(try keys.refresh() == false)
        try file.write(["# a comment", Self.first])
        #expect(try keys.refresh() == false)
        // The same names with other secrets are other keys.
        for lines in [[Self.second, Self.first], [Self.second], [Self.second.prefix(158) + "00"]] {
            try file.write(lines.map { String($0) })
            #expect(try keys.refresh() == true)
            #expect(try keys.refresh() == false)
        }
        #expect(try TLSTicketKeys().refresh() == false)
    }

    @Test("a file that goes bad changes nothing")
    func aFileThatGoesBadChangesNothing() throws {
        let file = try KeyFile([Self.first])
        let keys = try TLSTicketKeys(file: file.path)
        try file.write(["gone wrong"])
        let error = #expect(throws: TLSError.self) { try keys.refresh() }
        #expect(error?.kind == .file && error?.description.contains(file.path) == true)
        #expect(keys.current().keys.map { Array($0.name) } == [Array(repeating: 0x0A, count: 16)])
    }

    @Test("comments empty lines and blanks mean nothing")
    func commentsEmptyLinesAndBlanksMeanNothing() throws {
        let text = "# newest first\r\n\n  \(Self.first)\t\r\n\n#\(Self.second)\n\(Self.third)"
        let keys = try Array(text.utf8).withUnsafeBytes { try TicketKeyFile.keys(in: $0, source: "keys") }
        #expect(keys.map { $0.name.first } == [0x0A, 0xC2])
        #expect(keys.first.map { Array($0.signingKey) } == Array(repeating: 0x0A, count: 32))
    }

    @Test(
        "what is no key is named by its line",
        arguments: [
            ("", "holds no ticket key"),
            ("# nothing\n", "openssl rand -hex 80"),
            ("0a0b", "line 1: found 4 characters"),
            (first + "\n" + first, "line 2: a key before has the same name"),
            (String(repeating: "g", count: 160), "160 hexadecimal digits"),
            (String(repeating: "0", count: 159) + "é", "found 161 characters"),
        ]
    )
    func whatIsNoKeyIsNamedByItsLine(text: String, expected: String) {
        let error = #expect(throws: TLSError.self) {
            try TLSTicketKeys.validate(fileContent: Array(text.utf8), source: "keys")
        }
        #expect(error?.description.hasPrefix("keys") == true)
        #expect(error?.description.contains(expected) == true)
        #expect(error?.description.contains(Self.first) == false)
    }

    @Test("more keys than are kept are refused")
    func moreKeysThanAreKeptAreRefused() {
        let lines = (0..<17).map { String(repeating: String($0 + 16, radix: 16), count: 80) }
        let text = lines.joined(separator: "\n")
        #expect(throws: TLSError.self) { try TLSTicketKeys.validate(fileContent: Array(text.utf8), source: "keys") }
    }

    @Test("a file that others can read or the group can write is refused", arguments: [0o604, 0o620, 0o666, 0o644])
    func aFileThatOthersCanReadOrTheGroupCanWriteIsRefused(mode: Int) throws {
        let file = try KeyFile([Self.first], mode: mode)
        let error = #expect(throws: TLSError.self) { try TLSTicketKeys(file: file.path) }
        #expect(error?.description.contains("chmod 600 \(file.path)") == true)
    }

    @Test("a file that the group can read is accepted")
    func aFileThatTheGroupCanReadIsAccepted() throws {
        let file = try KeyFile([Self.first], mode: 0o640)
        _ = try TLSTicketKeys(file: file.path)
    }

    @Test("what is no file is named")
    func whatIsNoFileIsNamed() {
        for path in ["/nonexistent/keys", "/tmp", "/dev/zero"] {
            let error = #expect(throws: TLSError.self) { try TLSTicketKeys(file: path) }
            #expect(error?.kind == .file && error?.description.contains(path) == true)
        }
    }
}

/// A file with keys that ends with the test.
private final class KeyFile {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-" + UUID().uuidString).path
    private let mode: Int

    init(_ lines: [String], mode: Int = 0o600) throws {
        self.mode = mode
        try write(lines)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ lines: [String]) throws {
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
