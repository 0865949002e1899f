import NIOCore

extension ByteBuffer {
    /// Reads the bytes as one JSON value with nothing but white space around it.
    func readingJSON(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        let result = self.withUnsafeReadableBytes { bytes in
            Result<Void, JSONError> { () throws(JSONError) in
                var reader = JSONReader(bytes)
                try body(&reader)
                try reader.readEnd()
            }
        }
        try result.get()
    }

    /// Whether the bytes begin with `{`, end with the brace that belongs to it, and nothing but white space is around.
    ///
    /// This finds every answer that was cut, and what is no JSON at all, in one pass. It is not a check of the grammar.
    var isWholeJSONObject: Bool {
        self.withUnsafeReadableBytes { bytes in
            var index = 0
            while index < bytes.count, bytes[index].isJSONSpace { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return false }
            var depth = 0
            var isInString = false
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") {
                    isInString.toggle()
                } else if isInString {
                    if byte == UInt8(ascii: "\\") { index += 1 }
                } else if byte | 0x20 == UInt8(ascii: "{") {
                    depth += 1  // { or [
                } else if byte | 0x20 == UInt8(ascii: "}") {
                    depth -= 1  // } or ]
                    if depth == 0 { break }
                }
            }
            while index < bytes.count, bytes[index].isJSONSpace { index += 1 }
            return depth == 0 && index == bytes.count
        }
    }
}

extension UInt8 {
    /// Whether this may stand between the tokens of a JSON text.
    var isJSONSpace: Bool {
        self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09
    }
}
