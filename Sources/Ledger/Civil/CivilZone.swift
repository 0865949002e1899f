import Glibc
import Time

/// The zone by which the ledger's days begin and end: one for the whole process, read by glibc.
///
/// A value of it is the proof that the process has the zone: there is no other way to get one than to set it.
package struct CivilZone: Sendable, Hashable {
    /// As the tz database has it, as `Asia/Shanghai`.
    package let name: String

    private init(name: String) {
        self.name = name
    }

    /// Sets the zone of the process. To be called once, before there are threads: the environment belongs to all of them.
    package static func adopt(_ name: String) throws(CivilZoneError) -> CivilZone {
        guard isWellFormed(name), exists(name) else { throw CivilZoneError(name: name) }
        setenv("TZ", name, 1)
        tzset()
        return CivilZone(name: name)
    }

    /// Whether the machine knows a zone.
    package static func isKnown(_ name: String) -> Bool { isWellFormed(name) && exists(name) }

    /// The name of the machine's zone; `UTC` where it has none that the tz database knows.
    package static var machineName: String {
        if let name = getenv("TZ").map({ String(cString: $0) }) {
            let name = name.hasPrefix(":") ? String(name.dropFirst()) : name
            if isWellFormed(name), exists(name) { return name }
        }
        var buffer = [CChar](repeating: 0, count: 1024)
        let count = readlink("/etc/localtime", &buffer, buffer.count)
        guard count > 0 else { return "UTC" }
        let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let folder = target.firstRange(ofText: "/zoneinfo/") else { return "UTC" }
        let name = String(target[folder...])
        return isWellFormed(name) && exists(name) ? name : "UTC"
    }

    /// The day of a moment.
    package func date(of moment: Int64) -> CivilDate {
        CivilDate(days: (moment + offset(at: moment)).dividedDown(by: 86_400))
    }

    /// The first moment of a day, in seconds since 1970. Where a day does not exist, it is that of the next one.
    ///
    /// Not always midnight: in some zones summer time has begun at midnight, and the day at one o'clock.
    package func start(of date: CivilDate) -> Int64 {
        // No zone is further from UTC than 14 or 15 hours, but for those that have moved over the date line.
        var before = date.days * 86_400 - 28 * 3600
        var after = date.days * 86_400 + 28 * 3600
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if self.date(of: middle) < date { before = middle } else { after = middle }
        }
        return after
    }

    /// How many seconds the clocks of the zone are ahead of UTC.
    package func offset(at moment: Int64) -> Int64 {
        var seconds = time_t(moment)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff)
    }

    /// RFC 3339 with the zone's offset: `2026-11-27T18:15:20+08:00`.
    package func text(of moment: Int64) -> String {
        let offset = offset(at: moment)
        let local = CivilTime(moment + offset).internetText.dropLast()
        // RFC 3339 has no seconds in an offset, and no zone has had any for a century.
        let minutes = abs(offset) / 60
        return "\(local)\(offset < 0 ? "-" : "+")\((minutes / 60).padded(to: 2)):\((minutes % 60).padded(to: 2))"
    }

    /// Whether a text can be the name of a zone, and names no other file.
    private static func isWellFormed(_ name: String) -> Bool {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
            default: false
            }
        }
        return allowed && !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix("/")
    }

    /// glibc takes a name that it does not know for UTC, and says nothing. UTC itself needs no file, which images may lack.
    private static func exists(_ name: String) -> Bool {
        if name == "UTC" { return true }
        let folder = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
        var status = stat()
        return stat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}

/// A zone that the machine does not know.
package struct CivilZoneError: Error, Sendable, Hashable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "\(name): no such time zone in /usr/share/zoneinfo; use a name such as Asia/Shanghai, and install tzdata"
    }
}

extension Int64 {
    /// The quotient, rounded down.
    func dividedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension String {
    /// Where a text that occurs in this one ends.
    fileprivate func firstRange(ofText text: StaticString) -> Index? {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        var start = utf8.startIndex
        while start < utf8.endIndex {
            if utf8[start...].starts(with: wanted) { return utf8.index(start, offsetBy: wanted.count) }
            start = utf8.index(after: start)
        }
        return nil
    }
}
