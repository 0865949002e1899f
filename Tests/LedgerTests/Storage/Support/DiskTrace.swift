import Glibc

@testable import Ledger

/// What a process did to the files of a folder, as strace saw it.
struct DiskTrace {
    enum Operation {
        case create(String)
        case write(String, offset: Int, [UInt8])
        case resize(String, size: Int)
        /// Makes a file at least this long.
        case allocate(String, size: Int)
        case sync(String)
        case rename(String, to: String)
        case link(String, to: String)
        case remove(String)
        /// Something outside the folder's files: a line that the process gave out.
        case said(String)
    }

    private(set) var operations: [Operation] = []

    /// The calls that change files. `launcher` runs a program under strace, which writes a file a thread.
    static let calls =
        "openat,open,pwrite64,write,fdatasync,fsync,ftruncate,fallocate,rename,link,unlink"

    static func launcher(output: String) -> [String] {
        ["strace", "-ff", "-y", "-xx", "-s", "10000000", "-e", "trace=\(calls)", "-e", "signal=none", "-o", output]
    }

    /// Whether a process can be traced here.
    static let isPossible: Bool = {
        let result = ChildTest.spawn(["strace", "-o", "/dev/null", "-e", "trace=none", "true"], [:])
        return result.status == 0
    }()

    /// Reads what strace wrote of the threads of a process that touched files in `folder`. One thread did.
    init(output: String, folder: String, lines: String) {
        let place = LedgerPlace.folder(of: output)
        let name = LedgerPlace.name(of: output)
        for file in LedgerFolder.names(in: place) where file.hasPrefix(name + ".") {
            let bytes = LedgerFolder.read("\(place)/\(file)")
            for line in bytes.split(separator: UInt8(ascii: "\n")) { add(line, folder: folder, lines: lines) }
        }
    }

    private mutating func add(_ line: ArraySlice<UInt8>, folder: String, lines: String) {
        guard let opening = line.firstIndex(of: UInt8(ascii: "(")) else { return }
        // The result stands after the last equals sign; files are followed by their paths.
        guard let equals = line.lastIndex(of: UInt8(ascii: "=")) else { return }
        if line.dropFirst(equals - line.startIndex).starts(with: "= -1".utf8) { return }
        let call = String(decoding: line[..<opening], as: UTF8.self)
        let (texts, numbers) = Self.parts(line[opening..<equals])
        guard let first = texts.first else { return }
        let path = String(decoding: first, as: UTF8.self)
        func text(_ index: Int) -> String { String(decoding: texts[index], as: UTF8.self) }
        switch call {
        case "openat":
            let name = text(1)
            let flags = String(decoding: line, as: UTF8.self)
            if name.hasPrefix(folder), flags.contains("O_CREAT") { operations.append(.create(name)) }
        case "write" where path == lines: operations.append(.said(text(1)))
        case _ where !path.hasPrefix(folder): return
        case "pwrite64": operations.append(.write(path, offset: numbers[numbers.count - 1], texts[1]))
        case "write": operations.append(.write(path, offset: -1, texts[1]))
        case "ftruncate": operations.append(.resize(path, size: numbers[numbers.count - 1]))
        case "fallocate":
            operations.append(.allocate(path, size: numbers[numbers.count - 2] + numbers[numbers.count - 1]))
        case "fsync", "fdatasync": operations.append(.sync(path))
        case "rename": operations.append(.rename(path, to: text(1)))
        case "link": operations.append(.link(path, to: text(1)))
        case "unlink": operations.append(.remove(path))
        default: return
        }
    }

    /// The texts in quotes or angle brackets, all of it hexadecimal, and the numbers between them.
    private static func parts(_ line: ArraySlice<UInt8>) -> (texts: [[UInt8]], numbers: [Int]) {
        var texts: [[UInt8]] = []
        var numbers: [Int] = []
        line.withUnsafeBufferPointer { bytes in
            var position = 0
            var number: Int?
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte >= 0x30, byte <= 0x39 {
                    number = (number ?? 0) * 10 + Int(byte - 0x30)
                    continue
                }
                if let found = number { numbers.append(found) }
                number = nil
                guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") else { continue }
                var text: [UInt8] = []
                while position + 3 < bytes.count, bytes[position] == UInt8(ascii: "\\") {
                    text.append(digit(bytes[position + 2]) << 4 | digit(bytes[position + 3]))
                    position += 4
                }
                position += 1
                texts.append(text)
            }
            if let number { numbers.append(number) }
        }
        return (texts, numbers)
    }

    private static func digit(_ byte: UInt8) -> UInt8 { byte >= 0x61 ? byte - 0x57 : byte & 0xf }
}
