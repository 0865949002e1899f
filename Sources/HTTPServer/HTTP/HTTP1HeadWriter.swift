import NIOCore

/// Writes the pieces of a head into memory that is known to hold them all.
///
/// A `ByteBuffer` asks for each piece whether it has the room and its storage to itself. For the twenty pieces of a head that
/// costs more than writing them.
struct HTTP1HeadWriter {
    private let memory: UnsafeMutableRawBufferPointer
    /// How many bytes were written.
    private(set) var count = 0

    /// - Parameter memory: where the head goes. Writing beyond its end traps.
    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// Writes a text of the gateway's own.
    @inline(__always)
    mutating func write(_ text: StaticString) {
        write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes these bytes.
    @inline(__always)
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Writes this text in UTF-8.
    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes the decimal digits of a number that is not negative.
    mutating func write(decimal number: Int) {
        var end = count
        var rest = number
        repeat {
            end += 1
            rest /= 10
        } while rest > 0
        count = end
        rest = number
        repeat {
            end -= 1
            memory[end] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
    }
}
