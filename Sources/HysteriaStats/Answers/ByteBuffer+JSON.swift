import NIOCore

extension ByteBuffer {
    /// Reads the bytes as one JSON value with nothing but white space around it.
    func readingJSON(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        let result = withUnsafeReadableBytes { bytes in
            Result<Void, JSONError> { () throws(JSONError) in
                var reader = JSONReader(bytes)
                try body(&reader)
                try reader.readEnd()
            }
        }
        try result.get()
    }

    /// Whether the bytes are one JSON object with nothing but white space around it.
    var isJSONObject: Bool {
        withUnsafeReadableBytes(JSONValidator.isObject)
    }
}

extension UInt8 {
    /// Whether this may stand between the tokens of a JSON text.
    package var isJSONSpace: Bool {
        self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09
    }
}
