import COpenSSL
import Glibc
import Text

/// Reads the file of ticket keys that servers share; see ``TLSTicketKeys/init(file:)``.
enum TicketKeyFile {
    /// The most keys of a file.
    static let keyLimit = 16
    private static let sizeLimit = 16 * 1024

    /// The permissions that must not be given: writing for the group, anything for others.
    private static let forbiddenMode: mode_t = 0o027

    /// The keys in a file, at least one.
    static func read(_ path: String) throws(TLSError) -> [TicketKey] {
        let result = TimeLimitedCall.run { Result { () throws(TLSError) in try readWhole(path) } }
        return try (result ?? .failure(TLSError(.file, "\(path) cannot be read: \(RegularFile.ReadError.stalled)")))
            .get()
    }

    private static func readWhole(_ path: String) throws(TLSError) -> [TicketKey] {
        let descriptor: CInt
        let status: stat
        switch RegularFile.open(path) {
        case .success(let file): (descriptor, status) = file
        case .failure(let failure): throw TLSError(.file, "\(path) cannot be read: \(failure)")
        }
        defer { close(descriptor) }
        guard status.st_mode & forbiddenMode == 0 else {
            throw TLSError(
                .file,
                "\(path) holds ticket keys and is open to other users (mode \(String(status.st_mode & 0o777, radix: 8))); "
                    + "run: chmod 600 \(path)"
            )
        }
        // No stream and no array: they would leave copies of the keys in memory.
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: sizeLimit + 1, alignment: 1)
        defer {
            OPENSSL_cleanse(space.baseAddress, space.count)
            space.deallocate()
        }
        var count = 0
        while count < space.count {
            let part = RegularFile.readSome(descriptor, UnsafeMutableRawBufferPointer(rebasing: space[count...]))
            guard part >= 0 else {
                throw TLSError(.file, "\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            if part == 0 {
                return try keys(in: UnsafeRawBufferPointer(rebasing: space[..<count]), source: path)
            }
            count += part
        }
        throw TLSError(.file, "\(path) is larger than \(sizeLimit) bytes and cannot hold ticket keys alone")
    }

    /// The keys in the text of such a file; `source` says in an error where it came from. No error shows a key.
    static func keys(in text: UnsafeRawBufferPointer, source: String) throws(TLSError) -> [TicketKey] {
        var keys: [TicketKey] = []
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let digits = trimmed(line)
            guard let first = digits.first, first != UInt8(ascii: "#") else { continue }
            let place = "\(source), line \(index + 1)"
            guard digits.count == 2 * TicketKey.size, let key = TicketKey(filledBy: { decode(digits, into: $0) }) else {
                throw TLSError(
                    .file,
                    "\(place): found \(digits.count) characters; a ticket key has \(2 * TicketKey.size) hexadecimal "
                        + "digits, as 'openssl rand -hex \(TicketKey.size)' prints them"
                )
            }
            guard let name = key.name.baseAddress, !keys.contains(where: { $0.isNamed(name) }) else {
                throw TLSError(.file, "\(place): a key before has the same name (the first 32 digits)")
            }
            keys.append(key)
        }
        guard !keys.isEmpty else {
            throw TLSError(
                .file,
                "\(source) holds no ticket key; make one: openssl rand -hex \(TicketKey.size) > \(source)"
            )
        }
        guard keys.count <= keyLimit else {
            throw TLSError(.file, "\(source) holds \(keys.count) ticket keys; \(keyLimit) at most are kept")
        }
        return keys
    }

    private static func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        let isBlank = { (byte: UInt8) in byte.isSpaceOrTab || byte == 0x0D }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) {
            line = line.dropLast()
        }
        return line
    }

    private static func decode(
        _ digits: Slice<UnsafeRawBufferPointer>,
        into bytes: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var index = digits.startIndex
        for position in bytes.indices {
            guard let high = digits[index].hexDigitValue, let low = digits[index + 1].hexDigitValue else {
                return false
            }
            bytes[position] = high << 4 | low
            index += 2
        }
        return true
    }
}
