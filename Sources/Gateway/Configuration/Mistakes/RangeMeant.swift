import Glibc

/// What people write for a range of addresses that is no prefix yet.
enum RangeMeant {
    /// What to write instead, in words; nil where nothing can be told.
    static func expected(for text: String) -> String? {
        if ["*", "any", "all", "0.0.0.0/0,::/0"].contains(text.lowercased()) {
            return "no 'addresses' at all, if the token is good from everywhere"
        }
        if text.lowercased() == "localhost" { return "127.0.0.1 and ::1, as two entries" }
        if let match = text.wholeMatch(
            of: /([0-9]{1,3}(?:\.[0-9]{1,3}){0,2})(?:\.\*)+|([0-9]{1,3}(?:\.[0-9]{1,3}){1,2})\.x/
        ) {
            let parts = (match.1 ?? match.2 ?? "").split(separator: ".")
            let zeros = Array(repeating: "0", count: 4 - parts.count)
            return valid("\((parts.map(String.init) + zeros).joined(separator: "."))/\(8 * parts.count)")
        }
        if let match = text.wholeMatch(of: /([0-9.]+)\/([0-9.]{7,15})/), let mask = IPAddress(match.2), mask.isIPv4 {
            let bits = UInt32(truncatingIfNeeded: mask.low)
            let length = (~bits).leadingZeroBitCount
            return bits.nonzeroBitCount == length ? valid("\(match.1)/\(length)") : nil
        }
        if let match = text.wholeMatch(of: /(?:https?:\/\/)?\[?([0-9a-fA-F.:]+?)\]?(?::[0-9]{1,5})?\/?/),
            IPAddress(match.1) != nil
        {
            return valid(String(match.1))
        }
        if text.contains(/^[0-9a-fA-F.:]+\s*(?:-|–|to|\.\.)\s*[0-9a-fA-F.:]+$/) {
            return "ranges by prefix, such as 192.0.2.0/24, or an entry for each address"
        }
        return nil
    }

    private static func valid(_ text: String) -> String? {
        (try? AddressRange(text)) == nil ? nil : text
    }
}

extension IPAddress {
    /// The address of the same family with the bits behind a prefix cleared, as people write it.
    func text(highMask: UInt64, lowMask: UInt64) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let length = socklen_t(buffer.count)
        if isIPv4 {
            var four = in_addr(s_addr: UInt32(truncatingIfNeeded: low & lowMask).bigEndian)
            inet_ntop(AF_INET, &four, &buffer, length)
        } else {
            var six = in6_addr()
            withUnsafeMutableBytes(of: &six) { bytes in
                bytes.storeBytes(of: (high & highMask).bigEndian, as: UInt64.self)
                bytes.storeBytes(of: (low & lowMask).bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            inet_ntop(AF_INET6, &six, &buffer, length)
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
