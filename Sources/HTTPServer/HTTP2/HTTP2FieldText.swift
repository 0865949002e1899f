/// Writes the field values of one answer one after the other into memory that is there for as long as they are.
struct HTTP2FieldText {
    private let memory: UnsafeMutableRawBufferPointer
    private var end = 0

    /// - Parameter memory: room for all that is written; 20 bytes for each number.
    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// Writes a number in decimal digits.
    mutating func write(_ number: Int) -> UnsafeRawBufferPointer {
        let start = end
        writeDigits(number)
        return UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    /// Writes a text.
    mutating func write(_ text: String) -> UnsafeRawBufferPointer {
        let start = end
        for byte in text.utf8 { append(byte) }
        return UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    private mutating func writeDigits(_ number: Int) {
        if number >= 10 { writeDigits(number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func append(_ byte: UInt8) {
        memory[end] = byte
        end += 1
    }
}
