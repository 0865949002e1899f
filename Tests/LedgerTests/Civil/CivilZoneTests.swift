import Glibc
import Testing

@testable import Ledger

/// Zones that are unusual each in its own way: no summer time; one; one in the south; half and quarter hours; half an hour
/// of summer time; summer time that ends for Ramadan; a date that does not exist; days that begin at one o'clock.
private let zones = [
    "UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo",
]

@Suite("zones")
struct CivilZoneTests {
    /// The zone belongs to the process, and so each has a process of its own.
    @Test("every quarter of an hour is in one day, and days are as long as glibc says", arguments: zones)
    func zone(name: String) {
        let child = ChildTest.run("zoneChild", ["LEDGER_TEST_ZONE": name])
        #expect(child.status == 0, "\(child.output)")
        #expect(child.output.contains("1 test"), "\(child.output)")
    }

    @Test("the part of a process in a zone", .enabled(if: ChildTest.role == "zoneChild"))
    func zoneChild() throws {
        let zone = try CivilZone.adopt(try #require(ChildTest.variable("LEDGER_TEST_ZONE")))
        // From a year that the tz database knows well to one that it does not.
        var date = try #require(CivilDate("2010-01-01"))
        var start = zone.start(of: date)
        var slot = start / 900
        let end = zone.start(of: try #require(CivilDate("2036-01-01"))) / 900
        var lengths: [Int64: Int] = [:]
        while slot < end {
            let next = zone.start(of: date.adding(days: 1))
            lengths[next - start, default: 0] += 1
            let isMissing = zone.start(of: date.adding(days: 2)) == next
            #expect(isMissing || zone.date(of: next) == date.adding(days: 1))
            #expect(start == next || zone.date(of: next - 1) == date)
            #expect(next % 900 == 0)
            var count: Int64 = 0
            while slot * 900 < next {
                // Each 13th, since there are a million of them.
                if count % 13 == 0 || slot * 900 + 900 == next { #expect(zone.date(of: slot * 900) == date) }
                slot += 1
                count += 1
            }
            #expect(count == (next - start) / 900)
            // mktime says the same of midnight, where there is one.
            var parts = tm()
            let (year, month, day) = date.parts
            (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
            parts.tm_isdst = -1
            let midnight = Int64(mktime(&parts))
            if parts.tm_hour == 0, parts.tm_mday == Int32(day) { #expect(start == midnight) }
            #expect(zone.moment(zone.text(of: start)) == start)
            date = date.adding(days: 1)
            start = next
        }
        let expected: [String: Set<Int64>] = [
            "UTC": [86_400], "Asia/Shanghai": [86_400], "Asia/Kolkata": [86_400], "Asia/Kathmandu": [86_400],
            "Australia/Lord_Howe": [86_400, 86_400 - 1800, 86_400 + 1800],
            "Pacific/Apia": [0, 86_400, 82_800, 90_000],
        ]
        #expect(Set(lengths.keys) == expected[zone.name] ?? [86_400, 82_800, 90_000])
        if zone.name == "Pacific/Apia" {
            let missing = try #require(CivilDate("2011-12-30"))
            #expect(zone.start(of: missing) == zone.start(of: missing.adding(days: 1)))
            #expect(zone.text(of: zone.start(of: missing)) == "2011-12-31T00:00:00+14:00")
        }
        if zone.name == "America/Sao_Paulo" {
            #expect(zone.text(of: zone.start(of: try #require(CivilDate("2018-11-04")))) == "2018-11-04T01:00:00-02:00")
        }
    }
}
