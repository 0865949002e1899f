@testable import Ledger

/// Random numbers and entries that depend on a seed alone (SplitMix64).
struct StorageRandom: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(state: seed)
    }

    mutating func next() -> UInt64 { generator.next() }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// Small ones and large ones.
    mutating func number() -> UInt64 { next() >> UInt64(below(64)) }

    mutating func traffic() -> Traffic { Traffic(up: number(), down: number()) }

    mutating func signed() -> Int64 { chance(90) ? Int64(below(1000)) : Int64(bitPattern: next()) }

    mutating func bytes(_ most: Int) -> [UInt8] { (0..<below(most + 1)).map { _ in UInt8(truncatingIfNeeded: next()) } }

    mutating func text(_ most: Int) -> String {
        String((0..<below(most + 1)).map { _ in Array("aZ0-_é漢\u{0}\"")[below(9)] })
    }

    mutating func amounts() -> [CountedTraffic] {
        (0..<below(20)).map { _ in
            CountedTraffic(CounterKey(server: ServerID(signed()), user: UserID(signed())), traffic())
        }
    }

    mutating func gap() -> LedgerGap {
        LedgerGap(
            server: ServerID(signed()),
            began: signed(),
            ended: signed(),
            cause: LedgerGap.Cause.allCases[below(LedgerGap.Cause.allCases.count)]
        )
    }

    mutating func entry() -> JournalEntry {
        switch below(9) {
        case 0: .users((0..<below(8)).map { _ in NewUser(id: UserID(signed()), name: bytes(40)) })
        case 1:
            .reading(
                AppliedReading(
                    server: ServerID(signed()),
                    kind: AppliedReading.Kind.allCases[below(4)],
                    amounts: (0..<below(30)).map { _ in AmountOfUser(UserID(signed()), traffic()) },
                    mark: text(60),
                    gap: chance(30) ? gap() : nil
                )
            )
        case 2: .view(NewView(id: ViewID(signed()), name: text(30), taken: amounts()))
        case 3:
            .clear(
                GrantedClear(
                    id: ClearID(signed()),
                    view: ViewID(signed()),
                    key: chance(50) ? text(64) : nil,
                    amounts: amounts()
                )
            )
        case 4: .verdict(ClearID(signed()), ClearVerdict.allCases[below(3)])
        case 5: .offer(CursorOffer(view: ViewID(signed()), cursor: signed(), amounts: amounts()))
        case 6: .acknowledged(ViewID(signed()), cursor: signed())
        case 7: .viewGone(ViewID(signed()))
        default: .gap(gap())
        }
    }

    mutating func row(_ sequence: Int64) -> JournalRow {
        let time = LedgerTime(wall: signed(), boot: signed(), bootID: next())
        return JournalRow(sequence: sequence, time: time, entry: entry())
    }
}
