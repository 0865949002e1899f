import Text
import Time

/// Reads moments that callers write.
extension CivilZone {
    /// A moment in seconds since 1970: RFC 3339 (`2026-11-27T18:15:20+08:00`, `2026-11-27T10:15:20Z`), or a date, which is
    /// the first moment of that day in the zone.
    package func moment(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        if bytes.count == 10 { return CivilDate(text).map(start) }
        guard bytes.count >= 20, let date = CivilDate(String(decoding: bytes[..<10], as: UTF8.self)) else { return nil }
        guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t") else { return nil }
        guard bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":") else { return nil }
        guard let hour = bytes[11..<13].decimal, let minute = bytes[14..<16].decimal else { return nil }
        // A leap second is the next minute's first one, as for the system's clock.
        guard let second = bytes[17..<19].decimal, hour < 24, minute < 60, second <= 60 else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: \.isDigit)
            guard !digits.isEmpty else { return nil }
            rest = rest[digits.endIndex...]
        }
        guard let offset = Self.offset(Array(rest)) else { return nil }
        return date.days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
    }

    /// `Z`, `+08:00`, as seconds.
    private static func offset(_ text: [UInt8]) -> Int64? {
        if text.count == 1 { return text[0] == UInt8(ascii: "Z") || text[0] == UInt8(ascii: "z") ? 0 : nil }
        guard text.count == 6, text[3] == UInt8(ascii: ":") else { return nil }
        guard let hours = text[1..<3].decimal, let minutes = text[4..<6].decimal else { return nil }
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = Int64(hours * 3600 + minutes * 60)
        switch text[0] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }
}
