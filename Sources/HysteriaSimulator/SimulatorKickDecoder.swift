import JSON
import Text

/// Reads the body of a kick as Go's `encoding/json` reads one value into a list of strings, and words its complaints.
struct SimulatorKickDecoder {
    /// What the 400 says.
    struct BodyError: Error {
        let text: String
    }

    private static let depthLimit = 1000

    private let bytes: [UInt8]
    private var offset = 0
    /// A wrong type is reported only once the whole value has turned out to be JSON.
    private var wrongType: BodyError?

    /// Returns the names; what follows the first value is ignored.
    static func decode(_ bytes: [UInt8]) -> Result<[String], BodyError> {
        Result { () throws(BodyError) in
            var decoder = Self(bytes: bytes)
            return try decoder.decode()
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func decode() throws(BodyError) -> [String] {
        guard peek() != nil else { throw BodyError(text: "EOF") }
        var users: [String] = []
        if peek() == UInt8(ascii: "[") {
            try array(depth: 0) { (decoder) throws(BodyError) in
                if let text = try decoder.value(wanted: "string", depth: 1) { users.append(text) }
            }
        } else if peek() == UInt8(ascii: "n") {
            try literal("null")
        } else {
            _ = try value(wanted: "[]string", depth: 0)
        }
        if let wrongType = self.wrongType { throw wrongType }
        return users
    }

    /// Reads any value, and returns it if it is what is wanted. `null` is the empty string.
    private mutating func value(wanted: String?, depth: Int) throws(BodyError) -> String? {
        guard depth < Self.depthLimit else { throw BodyError(text: "exceeded max depth") }
        let found: String
        switch try need() {
        case UInt8(ascii: "\""):
            let text = try string()
            if wanted == "string" { return text }
            found = "string"
        case UInt8(ascii: "["):
            try array(depth: depth) { (decoder) throws(BodyError) in
                _ = try decoder.value(wanted: nil, depth: depth + 1)
            }
            found = "array"
        case UInt8(ascii: "{"):
            try object(depth: depth)
            found = "object"
        case UInt8(ascii: "t"):
            try literal("true")
            found = "bool"
        case UInt8(ascii: "f"):
            try literal("false")
            found = "bool"
        case UInt8(ascii: "n"):
            try literal("null")
            return wanted == nil ? nil : ""
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number()
            found = "number"
        default:
            throw invalid("looking for beginning of value")
        }
        if let wanted, wrongType == nil {
            wrongType = BodyError(text: "json: cannot unmarshal \(found) into Go value of type \(wanted)")
        }
        return nil
    }

    private mutating func array(
        depth: Int,
        _ element: (inout SimulatorKickDecoder) throws(BodyError) -> Void
    ) throws(BodyError) {
        offset += 1
        if try need() == UInt8(ascii: "]") {
            offset += 1
            return
        }
        while true {
            try element(&self)
            switch try need() {
            case UInt8(ascii: ","):
                offset += 1
                _ = try need()
            case UInt8(ascii: "]"):
                offset += 1
                return
            default: throw invalid("after array element")
            }
        }
    }

    private mutating func object(depth: Int) throws(BodyError) {
        offset += 1
        if try need() == UInt8(ascii: "}") {
            offset += 1
            return
        }
        while true {
            guard try need() == UInt8(ascii: "\"") else {
                throw invalid("looking for beginning of object key string")
            }
            _ = try string()
            guard try need() == UInt8(ascii: ":") else { throw invalid("after object key") }
            offset += 1
            _ = try value(wanted: nil, depth: depth + 1)
            switch try need() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                return
            default: throw invalid("after object key:value pair")
            }
        }
    }

    private mutating func literal(_ word: String) throws(BodyError) {
        for letter in word.utf8 {
            guard try needRaw() == letter else {
                throw invalid("in literal \(word) (expecting '\(Character(Unicode.Scalar(letter)))')")
            }
            offset += 1
        }
    }

    private mutating func number() throws(BodyError) {
        if try needRaw() == UInt8(ascii: "-") { offset += 1 }
        if try needRaw() == UInt8(ascii: "0") {
            offset += 1
        } else {
            try digits("in numeric literal")
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try digits("after decimal point in numeric literal")
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            let sign = try needRaw()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits("in exponent of numeric literal")
        }
    }

    private mutating func digits(_ place: String) throws(BodyError) {
        guard try needRaw().isDigit else { throw invalid(place) }
        while offset < bytes.count, bytes[offset].isDigit { offset += 1 }
    }

    private mutating func string() throws(BodyError) -> String {
        offset += 1
        var units: [UInt16] = []
        var raw: [UInt8] = []
        // Escapes are 16-bit units and the rest is bytes; both end as text with U+FFFD for what is none.
        func flushed(_ raw: inout [UInt8]) -> [UInt16] {
            defer { raw = [] }
            return Array(String(decoding: raw, as: UTF8.self).utf16)
        }
        while true {
            let byte = try needRaw()
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: units + flushed(&raw), as: UTF16.self)
            case UInt8(ascii: "\\"):
                offset += 1
                units += flushed(&raw)
                units.append(try escape())
            case 0..<0x20:
                throw invalid("in string literal")
            default:
                raw.append(byte)
                offset += 1
            }
        }
    }

    private mutating func escape() throws(BodyError) -> UInt16 {
        let known: [UInt8: UInt16] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09,
        ]
        let letter = try needRaw()
        if let unit = known[letter] {
            offset += 1
            return unit
        }
        guard letter == UInt8(ascii: "u") else { throw invalid("in string escape code") }
        offset += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = try needRaw().hexDigitValue else {
                throw invalid("in \\u hexadecimal character escape")
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}

// MARK: Bytes

extension SimulatorKickDecoder {
    /// The next byte that is not white space.
    private mutating func peek() -> UInt8? {
        while offset < bytes.count, bytes[offset].isJSONSpace { offset += 1 }
        return offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func need() throws(BodyError) -> UInt8 {
        guard let byte = peek() else { throw BodyError(text: "unexpected EOF") }
        return byte
    }

    private func needRaw() throws(BodyError) -> UInt8 {
        guard offset < bytes.count else { throw BodyError(text: "unexpected EOF") }
        return bytes[offset]
    }

    private func invalid(_ place: String) -> BodyError {
        let byte = bytes[offset]
        let quoted =
            switch byte {
            case UInt8(ascii: "'"): #"\'"#
            case UInt8(ascii: "\\"): #"\\"#
            case 0x0a: #"\n"#
            case 0x0d: #"\r"#
            case 0x09: #"\t"#
            case 0..<0x20, 0x7f: "\\x" + HexText.of(byte, width: 2)
            case 0x80..<0xa0: "\\u00" + String(byte, radix: 16)
            default: String(Unicode.Scalar(byte))
            }
        return BodyError(text: "invalid character '\(quoted)' \(place)")
    }
}
