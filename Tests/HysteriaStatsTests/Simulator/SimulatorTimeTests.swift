import Foundation
import Testing

@testable import HysteriaSimulator

@Suite struct SimulatorTimeTests {
    @Test("dates are foundations dates")
    func datesAreFoundationsDates() {
        var random = SeededGenerator(seed: 1)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for _ in 0..<500 {
            let seconds = Int64.random(in: -2_000_000_000...9_000_000_000, using: &random)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second, .weekday],
                from: Date(timeIntervalSince1970: Double(seconds))
            )
            let date = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            let time = String(format: "%02d:%02d:%02d", parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
            let ours = SimulatorTime(nanosecondsSince1970: seconds * 1_000_000_000)
            #expect(ours.rfc3339 == "\(date)T\(time)Z")
            let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][(parts.weekday ?? 1) - 1]
            #expect(ours.httpDate.hasPrefix("\(weekday), "))
            #expect(ours.httpDate.hasSuffix(" \(time) GMT"))
        }
    }

    @Test(
        "fractions have no superfluous zeros",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000000001Z"),
            (120_000_000, "1970-01-01T00:00:00.12Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
        ] as [(Int64, String)]
    )
    func fractionsHaveNoSuperfluousZeros(nanoseconds: Int64, expected: String) {
        #expect(SimulatorTime(nanosecondsSince1970: nanoseconds).rfc3339 == expected)
    }

    @Test(
        "durations are written as go writes them",
        arguments: [
            (0, "0s"), (499_999, "0s"), (500_000, "1ms"), (250_000_000, "250ms"), (1_000_000_000, "1s"),
            (1_500_000_000, "1.5s"), (90_010_000_000, "1m30.01s"), (599_999_000_000, "9m59.999s"),
            (754_600_000_000, "12m35s"), (3_603_000_000_000, "1h0m3s"), (-5, "0s"),
        ] as [(Int64, String)]
    )
    func durationsAreWrittenAsGoWritesThem(nanoseconds: Int64, expected: String) {
        #expect(SimulatorDuration(nanoseconds: nanoseconds).description == expected)
    }
}
