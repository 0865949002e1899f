import NIOCore

/// Damages one of the records that pass, in a way that a seed decides.
struct RecordDamage {
    private var numbers: SeededNumbers
    private var countdown: Int

    /// Whether the record came by that was to be damaged.
    private(set) var isDone = false

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
        // A handshake has up to nine records in both directions together.
        countdown = Int.random(in: 0..<9, using: &numbers)
    }

    /// Lets a segment pass. It holds whole records, as each end sends them.
    mutating func pass(_ segment: inout ByteBuffer) {
        var passed = ByteBuffer()
        while let length = segment.getInteger(at: segment.readerIndex + 3, as: UInt16.self),
            var record = segment.readSlice(length: 5 + Int(length))
        {
            if countdown == 0 {
                isDone = true
                var bytes = Array(record.readableBytesView)
                change(&bytes)
                record = ByteBuffer(bytes: bytes)
            }
            countdown -= 1
            passed.writeBuffer(&record)
        }
        passed.writeBuffer(&segment)
        segment = passed
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<7, using: &numbers) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &numbers)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &numbers)))
        case 2: bytes.insert(UInt8.random(in: .min ... .max, using: &numbers), at: place)
        case 3: bytes += bytes
        case 4: bytes.removeLast(bytes.count - place)
        case 5:
            for index in place..<bytes.count {
                bytes[index] = UInt8.random(in: .min ... .max, using: &numbers)
            }
        default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        }
    }
}
