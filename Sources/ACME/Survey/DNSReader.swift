/// Reads a message of DNS from its front (RFC 1035, 4.1). Whoever sent it may be hostile: nothing is read beyond its end, and a name ends.
struct DNSReader {
    private let bytes: [UInt8]
    private(set) var offset: Int

    /// A name with the lengths of its labels and its end (RFC 1035, 3.1).
    private static let nameLimit = 255
    /// A name has no more labels than this, and needs no more steps.
    private static let stepLimit = 127

    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    mutating func uint8() throws(DNSError) -> UInt8 {
        guard offset < bytes.count else { throw .damaged("it ends in the middle of a record") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func uint16() throws(DNSError) -> UInt16 {
        let high = try uint8()
        return UInt16(high) << 8 | UInt16(try uint8())
    }

    mutating func take(_ count: Int) throws(DNSError) -> [UInt8] {
        guard count <= bytes.count - offset else { throw .damaged("it ends in the middle of a record") }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    mutating func skip(_ count: Int) throws(DNSError) {
        guard count <= bytes.count - offset else { throw .damaged("it ends in the middle of a record") }
        offset += count
    }

    /// A name, of which the end may stand further in front (RFC 1035, 4.1.4). Each such step has to lead before the one that it comes from,
    /// so that none can be taken twice.
    mutating func name() throws(DNSError) -> DNSName {
        var labels: [[UInt8]] = []
        var length = 1
        var steps = 0
        var end: Int?
        var start = offset
        while true {
            let count = Int(try uint8())
            switch count & 0xc0 {
            case 0x00:
                guard count > 0 else {
                    offset = end ?? offset
                    return DNSName(labels: labels)
                }
                length += count + 1
                guard length <= Self.nameLimit else { throw .damaged("a name in it is too long") }
                labels.append(try take(count))
            case 0xc0:
                let target = (count & 0x3f) << 8 | Int(try uint8())
                steps += 1
                guard target < start, steps <= Self.stepLimit else { throw .damaged("a name in it does not end") }
                end = end ?? offset
                start = target
                offset = target
            default: throw .damaged("a name in it has a label of no known type")
            }
        }
    }
}

/// Why DNS has no answer.
package enum DNSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The answer cannot be read.
    case damaged(String)
    /// The server says that it cannot answer, by this code (RFC 1035, 4.1.1).
    case refused(Int)
    /// No answer came, and why.
    case unreached(String)

    /// Ends a sentence.
    package var description: String {
        switch self {
        case .damaged(let reason): "the answer of DNS cannot be used: \(reason)"
        case .refused(2): "the DNS server failed to find out (SERVFAIL)"
        case .refused(5): "the DNS server refuses to answer (REFUSED)"
        case .refused(let code): "the DNS server answers with the error code \(code)"
        case .unreached(let reason): reason
        }
    }
}
