import NIOCore
import Text

/// Checks that bytes are one JSON object (RFC 8259) and nothing else, without keeping anything of it: all at once, or while
/// they still arrive.
///
/// It takes what ``JSONReader`` takes: every answer goes through here, and may be read with that afterwards.
package struct JSONValidator {
    /// Where a value is to begin, with all that has to be known of what is before it.
    fileprivate struct Place {
        var offset = 0
        /// A bit for each array or object that is open, set for an object; the innermost is the lowest.
        var objects: UInt32 = 0
        var depth = 0
    }

    /// The last value that is not known to be whole: all before it is right.
    private var place = Place()
    /// How many bytes there have to be before another look is worth it.
    private var next = 1

    package init() {}

    /// Goes through what has come so far. Each byte is looked at about once, however many pieces they come in.
    ///
    /// - Parameter bytes: the text from its beginning.
    package mutating func advance(through bytes: ByteBuffer) {
        guard bytes.readableBytes >= next else { return }
        bytes.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes, from: place)
            guard place.offset > 0 || scanner.nextToken() == UInt8(ascii: "{") else { return }
            // Whatever ends it, the last word is spoken when all of it is there.
            _ = scanner.skipsValue()
            place = scanner.place
        }
        // A value that goes on and on is looked at again when it is twice as long.
        next = place.offset + 2 * (bytes.readableBytes - place.offset)
    }

    /// Whether the whole text is one object, with nothing but white space around it.
    package mutating func finish(_ bytes: ByteBuffer) -> Bool {
        bytes.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes, from: place)
            guard place.offset > 0 || scanner.nextToken() == UInt8(ascii: "{") else { return false }
            return scanner.skipsValue() && scanner.nextToken() == nil
        }
    }
}

/// Passes over the tokens of one text.
private struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private var offset: Int
    private var objects: UInt32
    private var depth: Int
    /// Where the last value began that was looked at.
    private(set) var place: JSONValidator.Place

    init(_ bytes: UnsafeRawBufferPointer, from place: JSONValidator.Place) {
        self.bytes = bytes
        offset = place.offset
        objects = place.objects
        depth = place.depth
        self.place = place
    }

    /// Passes over one value with all that is in it, and over what is around it to the end of the outermost.
    mutating func skipsValue() -> Bool {
        value: while true {
            place = JSONValidator.Place(offset: offset, objects: objects, depth: depth)
            guard let byte = nextToken() else { return false }
            switch byte {
            case UInt8(ascii: "\""):
                guard skipsString() else { return false }
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                guard skipsNumber() else { return false }
            case UInt8(ascii: "{"):
                guard opens(isObject: true) else { return false }
                if nextToken() == UInt8(ascii: "}") { break }
                guard skipsKey() else { return false }
                continue value
            case UInt8(ascii: "["):
                guard opens(isObject: false) else { return false }
                guard let next = nextToken() else { return false }
                if next == UInt8(ascii: "]") { break }
                continue value
            default:
                guard skips("true") || skips("false") || skips("null") else { return false }
            }
            // A value has ended, or a container is about to.
            while depth > 0 {
                let isInObject = objects & 1 == 1
                switch nextToken() {
                case UInt8(ascii: ","):
                    offset += 1
                    guard !isInObject || skipsKey() else { return false }
                    continue value
                case UInt8(ascii: "}") where isInObject, UInt8(ascii: "]") where !isInObject:
                    offset += 1
                    depth -= 1
                    objects >>= 1
                default:
                    return false
                }
            }
            return true
        }
    }

    private mutating func opens(isObject: Bool) -> Bool {
        offset += 1
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
        return depth <= JSONReader.depthLimit
    }

    /// Passes over a key and the colon after it.
    private mutating func skipsKey() -> Bool {
        guard nextToken() == UInt8(ascii: "\""), skipsString(), nextToken() == UInt8(ascii: ":") else { return false }
        offset += 1
        return true
    }

    /// The next byte that is not white space; nil at the end.
    mutating func nextToken() -> UInt8? {
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte > 0x20 || !byte.isJSONSpace { return byte }
            offset += 1
        }
        return nil
    }

    private mutating func skips(_ word: StaticString) -> Bool {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[offset + index] != word.utf8Start[index] { return false }
        offset = end
        return true
    }

    private mutating func skipsNumber() -> Bool {
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let isZero = offset < bytes.count && bytes[offset] == UInt8(ascii: "0")
        let whole = skipDigits()
        guard whole == 1 || whole > 1 && !isZero else { return false }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            guard skipDigits() > 0 else { return false }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            guard skipDigits() > 0 else { return false }
        }
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while let word = word() {
            // The high half of a digit's byte is 3, and stays 3 with 6 added. A carry reaches only what is after a byte
            // that is no digit anyway.
            let strange = ((word ^ each(0x30)) | ((word &+ each(0x06)) ^ each(0x30))) & each(0xf0)
            if strange != 0 {
                offset += strange.trailingZeroBitCount / 8
                return offset - start
            }
            offset += 8
        }
        while offset < bytes.count, bytes[offset].isDigit { offset += 1 }
        return offset - start
    }
}

// MARK: Eight bytes at once

extension JSONScanner {
    /// The next eight bytes, the first one lowest; nil if there are not so many.
    private func word() -> UInt64? {
        guard bytes.count - offset >= 8 else { return nil }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Passes over characters of a string that stand for themselves in one byte.
    private mutating func skipPlainCharacters() {
        while let word = word() {
            // The highest bit of a byte is set where it is below 0x20, a quote, a backslash or not ASCII. A borrow
            // reaches only what is after such a byte.
            let quote = word ^ each(0x22)
            let backslash = word ^ each(0x5c)
            let special =
                (word &- each(0x20)) & ~word | (quote &- each(0x01)) & ~quote
                | (backslash &- each(0x01)) & ~backslash | word
            let found = special & each(0x80)
            if found != 0 {
                offset += found.trailingZeroBitCount / 8
                return
            }
            offset += 8
        }
    }
}

/// A word with this value in each of its bytes.
private func each(_ byte: UInt8) -> UInt64 {
    UInt64(byte) &* 0x0101_0101_0101_0101
}

// MARK: Strings

extension JSONScanner {
    private mutating func skipsString() -> Bool {
        offset += 1
        skipPlainCharacters()
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return true
            case UInt8(ascii: "\\"):
                guard skipsEscape() else { return false }
                skipPlainCharacters()
            case 0..<0x20:
                return false
            case 0x80...:
                guard skipsCharacter(from: byte) else { return false }
                skipPlainCharacters()
            default:
                offset += 1
            }
        }
        return false
    }

    private mutating func skipsEscape() -> Bool {
        guard offset + 1 < bytes.count else { return false }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
            return true
        case UInt8(ascii: "u"):
            guard let unit = unit() else { return false }
            // A surrogate stands for a character only as the first half of a pair.
            guard unit & 0xf800 == 0xd800 else { return true }
            guard unit < 0xdc00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u"), let second = self.unit()
            else { return false }
            return second & 0xfc00 == 0xdc00
        default:
            return false
        }
    }

    /// Passes over `\u` and four hexadecimal digits, and returns what these say.
    private mutating func unit() -> UInt32? {
        guard offset + 6 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in offset + 2..<offset + 6 {
            guard let digit = bytes[index].hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        offset += 6
        return value
    }

    /// Passes over a character of several bytes, well-formed by table 3-7 of the Unicode standard.
    private mutating func skipsCharacter(from first: UInt8) -> Bool {
        var second: ClosedRange<UInt8> = 0x80...0xbf
        let length: Int
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0:
            second = 0xa0...0xbf
            length = 3
        case 0xed:
            second = 0x80...0x9f
            length = 3
        case 0xe1...0xef: length = 3
        case 0xf0:
            second = 0x90...0xbf
            length = 4
        case 0xf1...0xf3: length = 4
        case 0xf4:
            second = 0x80...0x8f
            length = 4
        default: return false
        }
        guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return false }
        for index in offset + 2..<offset + length where bytes[index] & 0xc0 != 0x80 { return false }
        offset += length
        return true
    }
}
