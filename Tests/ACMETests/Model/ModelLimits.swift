import ACME

/// Let's Encrypt's limits as they are documented: buckets that are filled again over time.
struct ModelLimits {
    struct Bucket {
        let capacity: Double
        let period: Double
        private var level: Double
        private var at: Int64 = 0

        init(_ capacity: Double, per period: Int64) {
            (self.capacity, self.period, level) = (capacity, Double(period), capacity)
        }

        /// Takes one, or says in how many seconds there is one.
        mutating func take(_ now: Int64) -> Int64? {
            level = min(capacity, level + Double(now - at) * capacity / period)
            at = now
            guard level < 1 else {
                level -= 1
                return nil
            }
            return Int64(((1 - level) * period / capacity).rounded(.up))
        }

        /// Whether there is one, without taking it.
        func wait(_ now: Int64) -> Int64? {
            var copy = self
            return copy.take(now)
        }
    }

    private var sets: [Set<Identifier>: Bucket] = [:]
    private var domains: [String: Bucket] = [:]
    private var validations: [Identifier: Bucket] = [:]
    private var orders = Bucket(300, per: 3 * 3600)
    private var accounts = Bucket(10, per: 3 * 3600)
    /// Each limit that was run into.
    private(set) var hits: [String] = []

    /// Seconds to wait, if an order is over a limit. `isRenewal`: one with `replaces`, which is exempt.
    mutating func order(_ identifiers: [Identifier], isRenewal: Bool, _ now: Int64) -> Int64? {
        guard !isRenewal else { return nil }
        if let wait = orders.take(now) { return hit("300 orders in 3 hours", wait) }
        for identifier in identifiers {
            let wait = validations[identifier.proved]?.wait(now)
            if let wait { return hit("5 failed validations in an hour", wait) }
        }
        let set = Set(identifiers)
        if let wait = sets[set, default: Bucket(5, per: 7 * 86_400)].wait(now) {
            return hit("5 certificates of a set", wait)
        }
        for domain in Set(identifiers.map(Self.domain)) {
            let wait = domains[domain, default: Bucket(50, per: 7 * 86_400)].wait(now)
            if let wait { return hit("50 certificates of a domain", wait) }
        }
        return nil
    }

    mutating func issued(_ identifiers: [Identifier], isRenewal: Bool, _ now: Int64) {
        guard !isRenewal else { return }
        _ = sets[Set(identifiers), default: Bucket(5, per: 7 * 86_400)].take(now)
        for domain in Set(identifiers.map(Self.domain)) {
            _ = domains[domain, default: Bucket(50, per: 7 * 86_400)].take(now)
        }
    }

    mutating func failed(_ identifier: Identifier, _ now: Int64) {
        _ = validations[identifier, default: Bucket(5, per: 3600)].take(now)
    }

    mutating func account(_ now: Int64) -> Int64? {
        accounts.take(now).map { hit("10 accounts in 3 hours", $0) }
    }

    private mutating func hit(_ limit: String, _ wait: Int64) -> Int64 {
        hits.append(limit)
        return wait
    }

    private static func domain(_ identifier: Identifier) -> String {
        identifier.isAddress
            ? identifier.value : identifier.value.split(separator: ".").suffix(2).joined(separator: ".")
    }
}
