/// A question for CAA records and its answer as messages of DNS (RFC 1035, 4; RFC 8659).
enum DNSMessage {
    private static let internet: UInt16 = 1
    private static let alias: UInt16 = 5
    private static let caa: UInt16 = 257
    /// More of them name nobody.
    private static let recordLimit = 100

    /// A question for a name, to a server that looks for the answer.
    static func question(_ name: DNSName, id: UInt16) -> [UInt8] {
        let flags: [UInt8] = [0x01, 0x00]
        let counts: [UInt8] = [0, 1, 0, 0, 0, 0, 0, 0]
        return pair(id) + flags + counts + name.wire + pair(caa) + pair(internet)
    }

    private static func pair(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

    /// The CAA records of a name, or of the one that it is an alias of; none if there is no such name.
    static func records(in message: [UInt8], of name: DNSName, id: UInt16) throws(DNSError) -> [CAARecord] {
        var reader = DNSReader(message)
        guard try reader.uint16() == id else { throw .damaged("it answers another question") }
        let flags = try reader.uint16()
        // An answer to an ordinary question, and whole.
        guard flags & 0xf800 == 0x8000 else { throw .damaged("it is no answer") }
        guard flags & 0x0200 == 0 else { throw .damaged("it is cut off") }
        let code = Int(flags & 0x000f)
        let questions = try reader.uint16()
        let answers = Int(try reader.uint16())
        // Authorities and additional records say nothing that is needed.
        try reader.skip(4)
        // One that cannot answer may leave the question out.
        guard code == 0 || code == 3 else { throw .refused(code) }
        guard questions == 1, try reader.name() == name, try reader.uint16() == caa, try reader.uint16() == internet
        else { throw .damaged("it answers another question") }
        return try records(&reader, answers, message, name)
    }

    private static func records(
        _ reader: inout DNSReader,
        _ count: Int,
        _ message: [UInt8],
        _ name: DNSName
    ) throws(DNSError) -> [CAARecord] {
        var aliases: [DNSName: DNSName] = [:]
        var found: [DNSName: [CAARecord]] = [:]
        for _ in 0..<count {
            let owner = try reader.name()
            let type = try reader.uint16()
            let family = try reader.uint16()
            // How long it holds.
            try reader.skip(4)
            let length = Int(try reader.uint16())
            let start = reader.offset
            let data = try reader.take(length)
            guard family == internet else { continue }
            switch type {
            case caa:
                guard let record = CAARecord(data) else { throw .damaged("a CAA record of \(owner) has no tag") }
                found[owner, default: []].append(record)
                guard found[owner, default: []].count <= recordLimit else { throw .damaged("it has too many records") }
            case alias:
                var target = DNSReader(message, at: start)
                let name = try target.name()
                guard target.offset == start + length, aliases.updateValue(name, forKey: owner) == nil else {
                    throw .damaged("the alias of \(owner) cannot be read")
                }
            default: continue
            }
        }
        var current = name
        // Each is followed once, so that a circle ends.
        while let next = aliases.removeValue(forKey: current) { current = next }
        return found[current] ?? []
    }
}
