import Testing

@testable import Ledger

@Suite("the journal's bytes")
struct JournalCodecTests {
    @Test("entries come back as they were, whatever is in them")
    func roundTrip() throws {
        var random = StorageRandom(seed: 1)
        for _ in 0..<5000 {
            let entry = random.entry()
            let (kind, body) = JournalCodec.encode(entry)
            let decoded = try body.withUnsafeBytes { (body) throws(JournalCodec.Failure) in
                try JournalCodec.decode(kind: kind.rawValue, body: body)
            }
            #expect(decoded == entry)
        }
    }

    @Test("100,000 bodies with faults are refused or read, and never more than that", arguments: [2 as UInt64])
    func faults(seed: UInt64) {
        var random = StorageRandom(seed: seed)
        var refused = 0
        for _ in 0..<100_000 {
            var (kind, body) = JournalCodec.encode(random.entry())
            switch random.below(5) {
            case 0: body.removeLast(min(body.count, random.below(body.count + 1)))
            case 1: body += random.bytes(5)
            case 2:
                for _ in 0...random.below(4) where !body.isEmpty {
                    body[random.below(body.count)] = UInt8(random.below(256))
                }
            case 3: if !body.isEmpty { body[random.below(body.count)] ^= 1 << UInt8(random.below(8)) }
            default:
                body.replaceSubrange(
                    0..<min(3, body.count),
                    with: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
                )
                kind = JournalCodec.Kind.allCases[random.below(9)]
            }
            let decoded = body.withUnsafeBytes { try? JournalCodec.decode(kind: kind.rawValue, body: $0) }
            guard let decoded else {
                refused += 1
                continue
            }
            // What is read can be written, and read again.
            let (again, bytes) = JournalCodec.encode(decoded)
            let second = bytes.withUnsafeBytes { try? JournalCodec.decode(kind: again.rawValue, body: $0) }
            #expect(second == decoded)
        }
        #expect(refused > 50_000)
    }

    @Test("a kind that is not known is not malformed")
    func unknownKinds() {
        [].withUnsafeBytes { body in
            #expect(throws: JournalCodec.Failure.unknownKind(99)) { try JournalCodec.decode(kind: 99, body: body) }
            #expect(throws: JournalCodec.Failure.malformed) { try JournalCodec.decode(kind: 1, body: body) }
        }
    }

    @Test("a reading of neighbours takes nine bytes a user at most")
    func size() {
        let amounts = (0..<1000).map { AmountOfUser(UserID($0), Traffic(up: 100_000_000, down: 200_000_000)) }
        let reading = AppliedReading(server: ServerID(1), kind: .difference, amounts: amounts, mark: "", gap: nil)
        #expect(JournalCodec.encode(.reading(reading)).body.count < 9010)
    }

    @Test("numbers at their bounds come back, and numbers above them are refused")
    func numbers() throws {
        for number in [0, 1, 127, 128, UInt64.max - 1, .max] {
            var writer = VarintWriter()
            writer.write(number)
            writer.write(Int64(bitPattern: number))
            try writer.bytes.withUnsafeBytes { (bytes) throws in
                var reader = VarintReader(bytes)
                let unsigned = try reader.unsigned()
                let signed = try reader.signed()
                #expect(unsigned == number)
                #expect(signed == Int64(bitPattern: number))
                #expect(reader.isAtEnd)
            }
        }
        let tooLarge: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]
        #expect(throws: VarintReader.MalformedError.self) {
            try tooLarge.withUnsafeBytes { (bytes) throws in
                var reader = VarintReader(bytes)
                return try reader.unsigned()
            }
        }
    }

    @Test("the check sum is that of gzip and PNG")
    func checkSum() {
        var crc = CRC32()
        Array("123456789".utf8).withUnsafeBytes { crc.add($0) }
        #expect(crc.value == 0xcbf4_3926)
    }

    @Test("each bit of a row counts in its check")
    func rowChecks() {
        let check = RowCheck.of(.day, 20_000, 1, 7, 1000, 2000)
        for bit in 0..<64 {
            let flipped: Int64 = 1 << bit
            #expect(RowCheck.of(.day, 20_000 ^ flipped, 1, 7, 1000, 2000) != check)
            #expect(RowCheck.of(.day, 20_000, 1 ^ flipped, 7, 1000, 2000) != check)
            #expect(RowCheck.of(.day, 20_000, 1, 7 ^ flipped, 1000, 2000) != check)
            #expect(RowCheck.of(.day, 20_000, 1, 7, 1000 ^ flipped, 2000) != check)
            #expect(RowCheck.of(.day, 20_000, 1, 7, 1000, 2000 ^ flipped) != check)
        }
        #expect(RowCheck.of(.day, 20_000, 1, 7, 2000, 1000) != check)
        #expect(RowCheck.of(.quarter, 20_000, 1, 7, 1000, 2000) != check)
    }
}
