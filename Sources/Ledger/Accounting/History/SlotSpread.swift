/// Which quarters of an hour the bytes of a stretch of time belong to.
enum SlotSpread {
    /// A quarter of an hour, in milliseconds.
    static let slot: Int64 = 900_000
    /// What is shorter goes into the slot of its middle.
    ///
    /// Readings are taken when a slot has just ended, and nearly all of what they show was in it. The middle is in the right
    /// slot then, and every user has one row where a split would make two.
    static let wholeBelow: Int64 = 180_000
    /// What is longer is spread over its last 62 days, as long as quarters are kept: a clock that was wrong before cannot fill
    /// decades.
    static let longest: Int64 = 62 * 86_400_000
    /// So many rows at most come of one stretch. Beyond, several slots share the one in their middle.
    static let rowLimit = 250_000

    /// A slot and its share: from `began` to `ended` of `whole`.
    struct Share: Hashable {
        let slot: Int64
        let began: Int64
        let ended: Int64
        let whole: Int64

        /// The share of an amount. The shares of all slots add up to it exactly.
        func of(_ traffic: Traffic) -> Traffic {
            Traffic(
                up: cut(traffic.up, at: ended) - cut(traffic.up, at: began),
                down: cut(traffic.down, at: ended) - cut(traffic.down, at: began)
            )
        }

        private func cut(_ amount: UInt64, at moment: Int64) -> UInt64 {
            guard moment < whole else { return amount }
            let product = amount.multipliedFullWidth(by: UInt64(moment))
            return UInt64(whole).dividingFullWidth((product.high, product.low)).quotient
        }
    }

    static func shares(of stretch: Range<Int64>, users: Int) -> [Share] {
        let length = stretch.upperBound - stretch.lowerBound
        guard length >= wholeBelow else {
            return [Share(slot: floored(stretch.lowerBound + length / 2, slot), began: 0, ended: 1, whole: 1)]
        }
        let whole = min(length, longest)
        let start = stretch.upperBound - whole
        let first = floored(start, slot)
        // What ends with a slot has nothing in the next one.
        let last = floored(stretch.upperBound - 1, slot)
        let most = Int64(max(1, rowLimit / max(1, users)))
        let step = (last - first + most) / most
        return stride(from: first, through: last, by: Int(step)).map { from in
            let end = min(from + step, last + 1)
            return Share(
                slot: from + (end - from) / 2,
                began: max(0, from * slot - start),
                ended: min(whole, end * slot - start),
                whole: whole
            )
        }
    }

    static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
