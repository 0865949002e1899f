import Testing

@testable import Ledger

@Suite("the calendar")
struct CivilTests {
    @Test("dates are read and written, and no other texts are dates")
    func dates() {
        #expect(CivilDate("1970-01-01")?.days == 0)
        #expect(CivilDate("2026-11-27")?.days == 20_784)
        #expect(CivilDate("2024-02-29")?.description == "2024-02-29")
        for text in [
            "", "2026-11-7", "2026-13-01", "2026-02-29", "2026-00-10", "0000-01-01", "2026/11/27", "2026-11-2x",
            "+026-11-27",
        ] {
            #expect(CivilDate(text) == nil, "\(text)")
        }
        for days in stride(from: -700_000 as Int64, to: 2_900_000, by: 97) {
            let date = CivilDate(days: days)
            let (year, month, day) = date.parts
            #expect(CivilDate(year: year, month: month, day: day) == date)
            #expect(CivilDate(date.description) == date)
        }
    }

    @Test("periods of 30 years begin where they should, one after the other", arguments: [1, 2, 15, 28, 29, 30, 31])
    func periods(begins: Int) throws {
        let first = try #require(CivilDate("2020-01-01"))
        var date = first
        var period = BillingPeriod(containing: date, begins: begins)
        while date.days < first.days + 30 * 366 {
            if date == period.end {
                #expect(period.next.previous == period)
                period = period.next
                #expect(period.start == date)
                let (year, month, day) = date.parts
                #expect(day == min(begins, CivilDate.length(ofMonth: month, year: year)))
            }
            #expect(period.contains(date))
            #expect(BillingPeriod(containing: date, begins: begins) == period)
            #expect((28...31).contains(period.length))
            date = date.adding(days: 1)
        }
    }

    @Test("a period that begins on the 31st begins on the last day of shorter months")
    func shortMonths() throws {
        let date = try #require(CivilDate("2027-03-01"))
        let period = BillingPeriod(containing: date, begins: 31)
        #expect(period.start.description == "2027-02-28")
        #expect(period.end.description == "2027-03-31")
        #expect(period.previous.start.description == "2027-01-31")
    }

    @Test("a forecast is what was used and the mean of the last days for the rest")
    func forecasts() {
        #expect(TrafficForecast.bytes(used: 100, lastDays: 70, count: 7, daysLeft: 10) == 200)
        #expect(TrafficForecast.bytes(used: 100, lastDays: 20, count: 2, daysLeft: 0.5) == 105)
        #expect(TrafficForecast.bytes(used: 100, lastDays: 0, count: 0, daysLeft: 10) == nil)
        #expect(TrafficForecast.bytes(used: 100, lastDays: .max, count: 1, daysLeft: 31) == .max)
    }

    @Test("moments are read as RFC 3339, and written so")
    func moments() throws {
        let zone = LedgerFolder.zone
        #expect(zone.moment("2026-11-27T10:15:20Z") == 1_795_774_520)
        #expect(zone.moment("2026-11-27t18:15:20.999+08:00") == 1_795_774_520)
        #expect(zone.moment("2026-11-27T04:45:20-05:30") == 1_795_774_520)
        #expect(zone.moment("2026-11-27") == 1_795_737_600)
        #expect(zone.text(of: 1_795_774_520) == "2026-11-27T10:15:20+00:00")
        for text in [
            "2026-11-27T10:15:20", "2026-11-27 10:15:20Z", "2026-11-27T24:00:00Z", "2026-11-27T10:15Z",
            "2026-11-27T10:15:20.Z", "2026-11-27T10:15:20+8:00", "now", "2026-11-27T10:15:20Zz",
        ] {
            #expect(zone.moment(text) == nil, "\(text)")
        }
    }

    @Test("a zone has to exist, and to be a name")
    func zones() {
        for name in ["", "Nowhere/Town", "/etc/passwd", "../../../etc/passwd", "UTC0", "Asia", "Europe/Berlin "] {
            #expect(throws: CivilZoneError(name: name)) { try CivilZone.adopt(name) }
        }
        #expect(!CivilZone.machineName.isEmpty)
    }
}
