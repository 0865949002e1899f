import HysteriaStats

@testable import Gateway

extension TrafficLedger {
    /// Takes in an answer as soon as it is there.
    func readEnded(_ began: Moment, _ answer: TrafficAnswer, now: Int64) {
        take(answer, began: began, arrived: readArrived(), now: now)
    }

    /// The same for a clear.
    func clearEnded(_ answer: TrafficAnswer?, now: Int64) {
        clearArrived()
        takeClear(answer, now: now)
    }
}
