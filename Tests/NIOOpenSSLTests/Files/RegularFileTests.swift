import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import NIOOpenSSL

@Suite("Files that are named")
final class RegularFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
        .path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What is no regular file, and what it is called.
    enum Other: String, CaseIterable {
        case pipe, linkToPipe, endlessDevice, emptyDevice, directory

        var word: String {
            switch self {
            case .pipe, .linkToPipe: "a pipe"
            case .endlessDevice, .emptyDevice: "a device"
            case .directory: "a directory"
            }
        }
    }

    private func make(_ other: Other) throws -> String {
        let path = "\(folder)/\(other)"
        switch other {
        case .pipe:
            try #require(mkfifo(path, 0o600) == 0)
        case .linkToPipe:
            try #require(mkfifo(path + ".pipe", 0o600) == 0)
            try #require(symlink(path + ".pipe", path) == 0)
        case .endlessDevice: return "/dev/zero"
        case .emptyDevice: return "/dev/null"
        case .directory: return folder
        }
        return path
    }

    @Test(
        "that are none are refused at once, by whatever they are read",
        .timeLimit(.minutes(1)),
        arguments: Other.allCases
    )
    func others(other: Other) throws {
        let path = try make(other)
        #expect(RegularFile.read(path, limit: 1000) == .failure(.notRegular(other.word)))
        let readers: [(String) throws -> Void] = [
            { _ = try TLSIdentity(certificateFile: $0, keyFile: $0) },
            { _ = try TLSClientVerification(authorityFile: $0) },
            { _ = try TLSRevocationList.read(file: $0) },
            { _ = try TLSTicketKeys(file: $0) },
        ]
        for read in readers {
            let error = #expect(throws: TLSError.self) { try read(path) }
            #expect(error?.kind == .file)
            #expect(error?.description == "\(path) cannot be read: it is \(other.word), not a regular file")
        }
    }

    @Test("are read up to a limit, those of the proc file system as well")
    func limits() throws {
        let path = folder + "/file"
        try Data(repeating: 7, count: 20_000).write(to: URL(fileURLWithPath: path))
        #expect(try RegularFile.read(path, limit: 20_000).get() == [UInt8](repeating: 7, count: 20_000))
        #expect(RegularFile.read(path, limit: 19_999) == .failure(.tooLarge(limit: 19_999)))
        #expect(RegularFile.read(folder + "/none", limit: 10) == .failure(.system(ENOENT)))
        #expect(try RegularFile.read("/proc/self/status", limit: 1 << 20).get().isEmpty == false)
        #expect(RegularFile.read("/proc/self/status", limit: 10) == .failure(.tooLarge(limit: 10)))
    }

    @Test(
        "on a file system that does not answer are given up, and not tried by ever more threads",
        .timeLimit(.minutes(5))
    )
    func stalled() throws {
        let calls = TimeLimitedCall(limit: .milliseconds(20), abandonedLimit: 2)
        let answer = ConditionLock(value: false)
        let begun = NIOLockedValueBox(0)
        let back = DispatchSemaphore(value: 0)
        let stall: @Sendable () -> Int = {
            begun.withLockedValue { $0 += 1 }
            answer.lock(whenValue: true)
            answer.unlock()
            back.signal()
            return 1
        }
        #expect(calls.run(stall) == nil)
        #expect(calls.run(stall) == nil)
        // Who is third is not even tried.
        #expect(calls.run(stall) == nil)
        answer.lock()
        answer.unlock(withValue: true)
        back.wait()
        back.wait()
        #expect(begun.withLockedValue { $0 } == 2)
        // When the file system answers again, so do the calls, as soon as those left behind have noticed.
        let patient = TimeLimitedCall(limit: .minutes(1), abandonedLimit: 2)
        #expect(patient.run { 5 } == 5)
    }
}
