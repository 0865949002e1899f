import NIOCore
import Text

/// Reads JSON strictly, from the front to the back, without building a tree.
///
/// Members come in their order, duplicates included, and integers up to 2^64-1 exactly. The bytes must stay valid while
/// the reader is used: make one inside `withUnsafeReadableBytes`.
package struct JSONReader {
    /// How deep arrays and objects may lie within each other; Hysteria's answers need three.
    package static let depthLimit = 32

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var depth = 0

    /// Starts at the first byte.
    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads an object: gives each key to the closure, which must read its value.
    package mutating func readObject(
        _ member: (_ key: String, _ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(UInt8(ascii: "{"), "an object")
        guard !take(UInt8(ascii: "}")) else { return depth -= 1 }
        repeat {
            let key = try readString()
            try expect(UInt8(ascii: ":"), "':' after a key")
            try member(key, &self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "',' or '}'")
        depth -= 1
    }

    /// Reads an object whose members are known by name: gives the closure the number of each in `names`, and nil for others. It must
    /// read the value. No text is made of a key that is known.
    package mutating func readObject(
        of names: [StaticString],
        _ member: (_ number: Int?, _ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(UInt8(ascii: "{"), "an object")
        guard !take(UInt8(ascii: "}")) else { return depth -= 1 }
        repeat {
            let number = try readKey(of: names)
            try expect(UInt8(ascii: ":"), "':' after a key")
            try member(number, &self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "',' or '}'")
        depth -= 1
    }

    private mutating func readKey(of names: [StaticString]) throws(JSONError) -> Int? {
        skipSpace()
        if next == UInt8(ascii: "\"") {
            for (number, name) in names.enumerated() {
                let end = offset + 1 + name.utf8CodeUnitCount
                guard end < bytes.count, bytes[end] == UInt8(ascii: "\""),
                    UnsafeRawBufferPointer(rebasing: bytes[offset + 1..<end]).equals(name)
                else { continue }
                offset = end + 1
                return number
            }
        }
        // With escapes in it, or another one.
        let key = try readString()
        return names.firstIndex { $0.description == key }
    }

    /// Reads an array: calls the closure for each element, which it must read.
    package mutating func readArray(
        _ element: (_ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(UInt8(ascii: "["), "an array")
        guard !take(UInt8(ascii: "]")) else { return depth -= 1 }
        repeat {
            try element(&self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "',' or ']'")
        depth -= 1
    }

    /// Reads a whole number from 0 to 2^64-1.
    package mutating func readUInt64() throws(JSONError) -> UInt64 {
        skipSpace()
        let start = offset
        var value: UInt64 = 0
        // So many digits are below 2^64 in any case.
        while offset < start + 19, let digit = self.digit {
            value = value * 10 + UInt64(digit)
            offset += 1
        }
        while let digit = self.digit {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { throw error(at: start, "the number is larger than 2^64-1") }
            value = sum
            offset += 1
        }
        guard offset > start else { throw error("expected a whole number that is not negative") }
        guard offset == start + 1 || bytes[start] != UInt8(ascii: "0") else {
            throw error(at: start, "a number begins with a superfluous 0")
        }
        if let next = self.next, next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") {
            throw error(at: start, "expected a whole number")
        }
        return value
    }

    /// What kind of value comes next; nil where none can begin. It may turn out to be none when it is read.
    package mutating func nextKind() -> JSONKind? {
        skipSpace()
        return next.flatMap(JSONKind.init(firstByte:))
    }

    /// Reads `true` or `false`.
    package mutating func readBool() throws(JSONError) -> Bool {
        skipSpace()
        if takeWord("true") { return true }
        guard takeWord("false") else { throw error("expected true or false") }
        return false
    }

    /// Reads a number of any kind and returns its text.
    package mutating func readNumberText() throws(JSONError) -> String {
        skipSpace()
        let start = offset
        try skipNumber()
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Reads `null` if it comes next.
    package mutating func readNull() -> Bool {
        skipSpace()
        return takeWord("null")
    }

    /// Reads a value of any kind and forgets it.
    package mutating func skipValue() throws(JSONError) {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            try readObject { (_, reader) throws(JSONError) in try reader.skipValue() }
        case UInt8(ascii: "["):
            try readArray { (reader) throws(JSONError) in try reader.skipValue() }
        case UInt8(ascii: "\""):
            _ = try readString()
        default:
            if takeWord("null") || takeWord("true") || takeWord("false") { return }
            try skipNumber()
        }
    }

    /// Checks that nothing but white space is left.
    package mutating func readEnd() throws(JSONError) {
        skipSpace()
        guard offset == bytes.count else { throw error("expected nothing more") }
    }

    /// Reads a string, with its escapes decoded.
    package mutating func readString() throws(JSONError) -> String {
        try expect(UInt8(ascii: "\""), "a string")
        let start = offset
        var all: UInt8 = 0
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            all |= byte
            offset += 1
        }
        let plain = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        if next == UInt8(ascii: "\"") {
            offset += 1
            // What is ASCII needs no look at whether it is UTF-8, which takes longer than all else.
            return all < 0x80 ? String(decoding: plain, as: UTF8.self) : try text(plain, at: start)
        }
        var decoder = JSONStringDecoder(plain)
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try text(decoder.bytes, at: start)
            case UInt8(ascii: "\\"):
                offset += try decoder.takeEscape(bytes, at: offset)
            case 0..<0x20:
                throw error(at: offset - 1, "a control character in a string must be escaped")
            default:
                decoder.bytes.append(byte)
            }
        }
        throw error("a string does not end")
    }
}

// MARK: Tokens

extension JSONReader {
    private var next: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private var digit: UInt8? {
        guard let next = self.next, next.isDigit else { return nil }
        return next - UInt8(ascii: "0")
    }

    private mutating func skipSpace() {
        while let byte = next, byte.isJSONSpace { offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ name: @autoclosure () -> String) throws(JSONError) {
        guard take(byte) else { throw error("expected \(name())") }
    }

    private mutating func open(_ byte: UInt8, _ name: @autoclosure () -> String) throws(JSONError) {
        try expect(byte, name())
        depth += 1
        guard depth <= Self.depthLimit else {
            throw error(at: offset - 1, "more than \(Self.depthLimit) arrays or objects within each other")
        }
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[offset + index] != word.utf8Start[index] {
            return false
        }
        offset = end
        return true
    }

    private mutating func skipNumber() throws(JSONError) {
        let start = offset
        if self.next == UInt8(ascii: "-") { offset += 1 }
        let isZero = digit == 0
        let whole = skipDigits()
        guard whole > 0 else { throw error(at: start, "expected a value") }
        guard !isZero || whole == 1 else { throw error(at: start, "a number begins with a superfluous 0") }
        if self.next == UInt8(ascii: ".") {
            offset += 1
            guard skipDigits() > 0 else { throw error("expected a digit after '.'") }
        }
        if let next = self.next, next | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if let sign = self.next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            guard skipDigits() > 0 else { throw error("expected a digit in the exponent") }
        }
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while digit != nil { offset += 1 }
        return offset - start
    }

    private func text(_ bytes: some Sequence<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw error(at: start, "a string is not valid UTF-8")
        }
        return text
    }

    func error(_ reason: String) -> JSONError {
        JSONError(offset: offset, reason: reason)
    }

    private func error(at offset: Int, _ reason: String) -> JSONError {
        JSONError(offset: offset, reason: reason)
    }
}

extension ByteBuffer {
    /// Reads the bytes as one JSON value with nothing but white space around it.
    package func readingJSON(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        let result = withUnsafeReadableBytes { bytes in
            Result<Void, JSONError> { () throws(JSONError) in
                var reader = JSONReader(bytes)
                try body(&reader)
                try reader.readEnd()
            }
        }
        try result.get()
    }
}

extension UInt8 {
    /// Whether this may stand between the tokens of a JSON text.
    package var isJSONSpace: Bool {
        self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09
    }
}

/// Why bytes are not the JSON that was expected.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, in bytes from the start.
    package let offset: Int

    /// What is wrong there.
    package let reason: String

    /// Makes an error about the bytes at an offset.
    package init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// Both, as one sentence.
    package var description: String {
        "at byte \(offset): \(reason)"
    }
}
