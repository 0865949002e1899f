import NIOCore

extension ByteBuffer {
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
        self.looksLikeJSONObject
    }
}

extension UInt8 {
    /// Whether this may stand between the tokens of a JSON text.
    var isJSONSpace: Bool {
        self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09
    }
}
