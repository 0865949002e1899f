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

    /// Whether the first and last bytes are the braces of an object: all that is asked of a body whose length is known.
    var looksLikeJSONObject: Bool {
        self.withUnsafeReadableBytes { bytes in
            var end = bytes.count
            while end > 0, bytes[end - 1].isJSONSpace { end -= 1 }
            return end > 1 && bytes[end - 1] == UInt8(ascii: "}")
                && bytes.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "{")
        }
    }

    /// Whether these bytes are one whole JSON object and nothing else.
    var isJSONObject: Bool {
        guard self.looksLikeJSONObject else { return false }
        do {
            try self.readingJSON { (reader) throws(JSONError) in try reader.skipValue() }
            return true
        } catch {
            return false
        }
    }
}

extension UInt8 {
    /// Whether this may stand between the tokens of a JSON text.
    var isJSONSpace: Bool {
        self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09
    }
}
