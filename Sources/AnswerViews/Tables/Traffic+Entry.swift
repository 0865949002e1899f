import HysteriaStats
import Ledger

extension Traffic {
    package init(of entry: TrafficAnswer.Entry) {
        self.init(up: entry.tx, down: entry.rx)
    }

    package mutating func add(_ entry: TrafficAnswer.Entry) { self += Traffic(of: entry) }
}
