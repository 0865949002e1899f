@testable import Ledger

/// `increase(counter[1h])` at each full hour over Hysteria's own counters, scraped every fifteen seconds.
struct PrometheusIncrease: YearCounter {
    static let name = "Prometheus, `increase(…[1h])` of a scrape every 15 s"
    private static let period = 15.0
    /// Scrapes of a target come at an offset of its own.
    private static let offset = 4.0
    private var map = [UInt64](repeating: 0, count: SimulatedYear.users)

    mutating func count(_ hour: SimulatedYear.Hour) -> [UInt64] {
        map.indices.map { user in
            let result = increase(hour, user)
            map[user] = value(hour, user, at: 3600)
            return result
        }
    }

    /// What Hysteria's counter shows; 0: the user is not in its map.
    private func value(_ hour: SimulatedYear.Hour, _ user: Int, at second: Double) -> UInt64 {
        guard let emptied = hour.emptyings.last(where: { $0.second <= second })?.second else {
            return map[user] + hour.moved(user, until: second)
        }
        return hour.moved(user, until: second) - hour.moved(user, until: emptied)
    }

    /// Prometheus' extrapolatedRate, without its division by the range. Of the samples only those count that are the first,
    /// the last, and those beside an emptying: between them a counter only grows.
    private func increase(_ hour: SimulatedYear.Hour, _ user: Int) -> UInt64 {
        let samples = samples(hour, user)
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return 0 }
        var delta = Double(last.value) - Double(first.value)
        for (one, next) in zip(samples, samples.dropFirst()) where next.value < one.value { delta += Double(one.value) }
        let interval = last.time - first.time
        let threshold = Self.period * 1.1
        var (toStart, toEnd) = (first.time, 3600 - last.time)
        // A counter is not extrapolated below zero.
        if delta > 0 { toStart = min(toStart, interval * Double(first.value) / delta) }
        if toStart >= threshold { toStart = Self.period / 2 }
        if toEnd >= threshold { toEnd = Self.period / 2 }
        return UInt64(delta * (interval + toStart + toEnd) / interval)
    }

    private func samples(_ hour: SimulatedYear.Hour, _ user: Int) -> [(time: Double, value: UInt64)] {
        var times: [Double] = [Self.offset]
        // The first one at which a user may be there who was not.
        times.append(next(after: hour.sessions[user].lowerBound))
        for emptying in hour.emptyings {
            let after = next(after: emptying.second)
            times += [after - Self.period, after]
        }
        times.append(3600 - Self.period + Self.offset)
        return times.sorted().filter { $0 < 3600 }.map { ($0, value(hour, user, at: $0)) }.filter { $0.1 > 0 }
    }

    private func next(after second: Double) -> Double {
        (((second - Self.offset) / Self.period).rounded(.down) + 1) * Self.period + Self.offset
    }
}
