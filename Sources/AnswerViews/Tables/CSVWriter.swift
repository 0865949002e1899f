import JSON
import NIOCore

/// Writes rows of comma-separated values (RFC 4180).
struct CSVWriter {
    private var buffer: ByteBuffer
    private var isRowBegun = false

    /// Writes a row of heads and then what `rows` writes.
    static func write(_ heads: StaticString, into buffer: inout ByteBuffer, rows: (inout CSVWriter) -> Void) {
        // The buffer is moved, so that it is not copied at the first write.
        var writer = CSVWriter(buffer: ByteBuffer())
        swap(&writer.buffer, &buffer)
        writer.buffer.writeStaticString(heads)
        writer.endRow()
        rows(&writer)
        swap(&writer.buffer, &buffer)
    }

    private init(buffer: ByteBuffer) {
        self.buffer = buffer
    }

    mutating func endRow() {
        buffer.writeStaticString("\r\n")
        isRowBegun = false
    }

    // MARK: Fields

    /// A number; nothing, where it is not known.
    mutating func number(_ value: UInt64?) {
        separate()
        if let value { buffer.writeDecimal(value) }
    }

    mutating func flag(_ value: Bool?) {
        separate()
        if let value { buffer.writeStaticString(value ? "true" : "false") }
    }

    /// A moment in seconds since 1970.
    mutating func moment(_ value: Int64?, _ writer: inout MomentWriter) {
        separate()
        if let value { writer.write(value, into: &buffer) }
    }

    /// A field that is right as it stands.
    mutating func plain(_ bytes: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(bytes)
    }

    /// A name that others chose. Spreadsheets take one that begins like a formula for a formula, even in quotes: it gets a
    /// tab before it.
    mutating func name(_ bytes: [UInt8]) {
        separate()
        if bytes.allSatisfy({ $0 < 0x80 }) { return name(utf8: bytes) }
        // Repaired where it is not UTF-8, since a reader may refuse the whole file otherwise.
        name(utf8: Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    private mutating func name(utf8 bytes: [UInt8]) {
        let needsQuotes = bytes.contains {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 || $0 == 0x7f
        }
        if needsQuotes { buffer.writeInteger(UInt8(ascii: "\"")) }
        if Self.beginsFormula(bytes.first) { buffer.writeInteger(UInt8(ascii: "\t")) }
        guard needsQuotes else { return _ = buffer.writeBytes(bytes) }
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { buffer.writeInteger(byte) }
            buffer.writeInteger(byte)
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func name(_ text: String) { name(Array(text.utf8)) }

    private static func beginsFormula(_ byte: UInt8?) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0d: true
        default: false
        }
    }

    private mutating func separate() {
        if isRowBegun { buffer.writeInteger(UInt8(ascii: ",")) }
        isRowBegun = true
    }
}
