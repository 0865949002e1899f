import HysteriaStats
import Text

/// The parts of a request target that decide what is asked, read as Go's `net/url` reads them.
struct SimulatorURL {
    /// The path with its escapes decoded.
    let path: [UInt8]
    /// What stands after the first question mark, as it came.
    let query: [UInt8]

    /// Returns `nil` for a target that the server answers with 400.
    init?(target: [UInt8]) {
        for byte in target where byte < 0x20 || byte == 0x7f { return nil }
        guard target != Array("*".utf8) else {
            self.path = target
            query = []
            return
        }
        var rest = target[...]
        let hasScheme = Self.dropScheme(&rest)
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        query = Array(rest[mark...].dropFirst())
        rest = rest[..<mark]
        if rest.first != UInt8(ascii: "/") {
            // After a scheme this is an opaque part, which is no path; without one it is nothing.
            guard hasScheme else { return nil }
            self.path = []
            return
        }
        if hasScheme, rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            rest = rest[(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex)...]
        }
        guard let path = PercentEncoding.decode(rest, plusIsSpace: false) else { return nil }
        self.path = path
    }

    /// Whether the query asks for the counters to be cleared.
    var clears: Bool {
        guard let value = self.value("clear") else { return false }
        return ["1", "t", "T", "TRUE", "true", "True"].contains(String(decoding: value, as: UTF8.self))
    }

    /// The first value of a key. A pair with `;` or a wrong escape in it does not exist.
    private func value(_ key: String) -> [UInt8]? {
        for pair in query.split(separator: UInt8(ascii: "&")) where !pair.contains(UInt8(ascii: ";")) {
            let sign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(pair[..<sign], plusIsSpace: true),
                let value = PercentEncoding.decode(pair[sign...].dropFirst(), plusIsSpace: true)
            else { continue }
            if name.elementsEqual(key.utf8) { return value }
        }
        return nil
    }

    private static func dropScheme(_ target: inout ArraySlice<UInt8>) -> Bool {
        for (index, byte) in zip(target.indices, target) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if index == target.startIndex { return false }
            case UInt8(ascii: ":"):
                guard index > target.startIndex else { return false }
                target = target[(index + 1)...]
                return true
            default: return false
            }
        }
        return false
    }
}
