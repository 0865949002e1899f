/// Writes entries of the journal as bytes, and reads them again.
///
/// Each kind has a number for its form: an entry that is to be written otherwise gets another number, and the old one is
/// read for ever.
enum JournalCodec {
    /// Why a row is not read.
    enum Failure: Error, Hashable {
        /// A later version has written it.
        case unknownKind(Int64)
        /// Nobody has written that.
        case malformed
    }

    /// The numbers of the forms.
    enum Kind: Int64, CaseIterable {
        case users = 1
        case reading = 2
        case view = 3
        case clear = 4
        case verdict = 5
        case offer = 6
        case acknowledged = 7
        case viewGone = 8
        case gap = 9
    }

    /// An entry's form and bytes.
    static func encode(_ entry: JournalEntry) -> (kind: Kind, body: [UInt8]) {
        var writer = VarintWriter()
        let kind = writer.write(entry)
        return (kind, writer.bytes)
    }

    /// The check over all that a row holds.
    static func check(_ row: JournalRow, kind: Int64, body: UnsafeRawBufferPointer) -> Int64 {
        check(sequence: row.sequence, time: row.time, kind: kind, body: body)
    }

    static func check(sequence: Int64, time: LedgerTime, kind: Int64, body: UnsafeRawBufferPointer) -> Int64 {
        var crc = CRC32()
        crc.add(sequence)
        crc.add(kind)
        crc.add(time.wall)
        crc.add(time.boot)
        crc.add(Int64(bitPattern: time.bootID))
        crc.add(body)
        return Int64(crc.value)
    }

    /// Reads an entry. It has to be all of the bytes.
    static func decode(kind: Int64, body: UnsafeRawBufferPointer) throws(Failure) -> JournalEntry {
        guard let known = Kind(rawValue: kind) else { throw .unknownKind(kind) }
        var reader = VarintReader(body)
        do {
            let entry = try reader.entry(known)
            guard reader.isAtEnd else { throw VarintReader.MalformedError() }
            return entry
        } catch {
            throw .malformed
        }
    }

    /// Amounts alone, as the rows of clears have them.
    static func encode(_ amounts: [CountedTraffic]) -> [UInt8] {
        var writer = VarintWriter()
        writer.write(amounts)
        return writer.bytes
    }

    static func decodeAmounts(_ body: UnsafeRawBufferPointer) throws(Failure) -> [CountedTraffic] {
        var reader = VarintReader(body)
        do {
            let amounts = try reader.amounts()
            guard reader.isAtEnd else { throw VarintReader.MalformedError() }
            return amounts
        } catch {
            throw .malformed
        }
    }
}

extension VarintWriter {
    /// Writes an entry, and says in what form.
    fileprivate mutating func write(_ entry: JournalEntry) -> JournalCodec.Kind {
        switch entry {
        case .users(let users):
            write(UInt64(users.count))
            for user in users {
                write(user.id.value)
                write(user.name)
            }
            return .users
        case .reading(let reading):
            reserve(32 + 9 * reading.amounts.count)
            write(reading)
            return .reading
        case .view(let view):
            write(view.id.value)
            write(view.name)
            write(view.taken)
            return .view
        case .clear(let clear):
            write(clear.id.value)
            write(clear.view.value)
            write(UInt8(clear.key == nil ? 0 : 1))
            if let key = clear.key { write(key) }
            write(clear.amounts)
            return .clear
        case .verdict(let clear, let verdict):
            write(clear.value)
            write(verdict.rawValue)
            return .verdict
        case .offer(let offer):
            write(offer.view.value)
            write(offer.cursor)
            write(offer.amounts)
            return .offer
        case .acknowledged(let view, let cursor):
            write(view.value)
            write(cursor)
            return .acknowledged
        case .viewGone(let view):
            write(view.value)
            return .viewGone
        case .gap(let gap):
            write(gap)
            return .gap
        }
    }

    private mutating func write(_ reading: AppliedReading) {
        write(reading.server.value)
        write(reading.kind.rawValue)
        write(reading.mark)
        write(UInt8(reading.gap == nil ? 0 : 1))
        if let gap = reading.gap { write(gap) }
        write(UInt64(reading.amounts.count))
        var last: Int64 = 0
        for amount in reading.amounts {
            write(amount.user.value &- last)
            write(amount.traffic.up)
            write(amount.traffic.down)
            last = amount.user.value
        }
    }

    private mutating func write(_ gap: LedgerGap) {
        write(gap.server.value)
        write(gap.began)
        write(gap.ended)
        write(UInt8(LedgerGap.Cause.allCases.firstIndex(of: gap.cause) ?? 0))
    }

    /// Ids as distances from the one before: in their order, most take a byte.
    fileprivate mutating func write(_ amounts: [CountedTraffic]) {
        write(UInt64(amounts.count))
        var server: Int64 = 0
        var user: Int64 = 0
        for amount in amounts {
            write(amount.key.server.value &- server)
            write(amount.key.user.value &- user)
            write(amount.traffic.up)
            write(amount.traffic.down)
            server = amount.key.server.value
            user = amount.key.user.value
        }
    }
}

extension VarintReader {
    fileprivate mutating func entry(_ kind: JournalCodec.Kind) throws(MalformedError) -> JournalEntry {
        switch kind {
        case .users: return .users(try users())
        case .reading: return .reading(try reading())
        case .view:
            return .view(NewView(id: ViewID(try signed()), name: try string(), taken: try amounts()))
        case .clear:
            let id = ClearID(try signed())
            let view = ViewID(try signed())
            let key = try flag() ? try string() : nil
            return .clear(GrantedClear(id: id, view: view, key: key, amounts: try amounts()))
        case .verdict:
            let id = ClearID(try signed())
            guard let verdict = ClearVerdict(rawValue: try byte()) else { throw MalformedError() }
            return .verdict(id, verdict)
        case .offer:
            return .offer(CursorOffer(view: ViewID(try signed()), cursor: try signed(), amounts: try amounts()))
        case .acknowledged: return .acknowledged(ViewID(try signed()), cursor: try signed())
        case .viewGone: return .viewGone(ViewID(try signed()))
        case .gap: return .gap(try gap())
        }
    }

    private mutating func users() throws(MalformedError) -> [NewUser] {
        let count = try count(ofBytes: 2)
        var users: [NewUser] = []
        users.reserveCapacity(count)
        for _ in 0..<count { users.append(NewUser(id: UserID(try signed()), name: try text())) }
        return users
    }

    private mutating func reading() throws(MalformedError) -> AppliedReading {
        let server = ServerID(try signed())
        guard let kind = AppliedReading.Kind(rawValue: try byte()) else { throw MalformedError() }
        let mark = try string()
        let gap = try flag() ? try gap() : nil
        let count = try count(ofBytes: 3)
        var amounts: [AmountOfUser] = []
        amounts.reserveCapacity(count)
        var user: Int64 = 0
        for _ in 0..<count {
            user &+= try signed()
            amounts.append(AmountOfUser(UserID(user), Traffic(up: try unsigned(), down: try unsigned())))
        }
        return AppliedReading(server: server, kind: kind, amounts: amounts, mark: mark, gap: gap)
    }

    private mutating func gap() throws(MalformedError) -> LedgerGap {
        let server = ServerID(try signed())
        let began = try signed()
        let ended = try signed()
        let cause = Int(try byte())
        guard LedgerGap.Cause.allCases.indices.contains(cause) else { throw MalformedError() }
        return LedgerGap(server: server, began: began, ended: ended, cause: LedgerGap.Cause.allCases[cause])
    }

    fileprivate mutating func amounts() throws(MalformedError) -> [CountedTraffic] {
        let count = try count(ofBytes: 4)
        var amounts: [CountedTraffic] = []
        amounts.reserveCapacity(count)
        var server: Int64 = 0
        var user: Int64 = 0
        for _ in 0..<count {
            server &+= try signed()
            user &+= try signed()
            let key = CounterKey(server: ServerID(server), user: UserID(user))
            amounts.append(CountedTraffic(key, Traffic(up: try unsigned(), down: try unsigned())))
        }
        return amounts
    }

    private mutating func flag() throws(MalformedError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw MalformedError()
        }
    }
}
