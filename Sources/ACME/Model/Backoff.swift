/// How long to wait after failures: what Let's Encrypt asks of its clients (1, 10 and 100 minutes, then a day).
package enum Backoff {
    package static let minute: Int64 = 60
    package static let hour: Int64 = 3600
    package static let day: Int64 = 86_400

    /// Seconds until the next attempt, a tenth more or less so that not all come at once.
    ///
    /// - Parameter cap: No longer than this, if time runs out or if nothing is counted.
    package static func delay(
        failures: Int,
        cap: Int64 = day,
        using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        let steps = [minute, 10 * minute, 100 * minute, day]
        let step = min(steps[min(max(failures, 1), steps.count) - 1], cap)
        return Int64.random(in: (step - step / 10)...(step + step / 10), using: &generator)
    }

    /// After so many failures in a day, it was enough for the day: what every authority counts is failed validations.
    package static let failuresPerDay = 5

    /// Let's Encrypt forgives one failed validation in this time: an operator who insists does not come sooner.
    package static let afterValidation: Int64 = 12 * minute

    /// The latest of `failures` that a day must have passed since, before the next attempt.
    package static func earliest(after failures: [Int64]) -> Int64 {
        guard failures.count >= failuresPerDay else { return 0 }
        return failures[failures.count - failuresPerDay] + day
    }
}
