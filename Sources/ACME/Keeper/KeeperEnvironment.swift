/// Everything that a keeper does to the world, so that a test can be the world.
package struct KeeperEnvironment: Sendable {
    package var clock: any KeeperClock
    package var tools: any CertificateTools
    /// Where these settings keep things.
    package var makeStore: @Sendable (ACMESettings) -> any KeeperStore
    /// Who shows proofs under these settings.
    package var makeProofs: @Sendable (ACMESettings) -> any ProofPresenter
    /// How requests reach an authority.
    package var makeTransport: @Sendable (AuthoritySettings) -> any AuthorityTransport
    package var random: @Sendable () -> UInt64
    package var onEvent: @Sendable (ACMEEvent) -> Void
    /// Seconds between two looks at what is due. Not one long sleep: machines are suspended, and clocks are set.
    package var tick: ClosedRange<Int64>

    package init(
        clock: any KeeperClock,
        tools: any CertificateTools,
        makeStore: @escaping @Sendable (ACMESettings) -> any KeeperStore,
        makeProofs: @escaping @Sendable (ACMESettings) -> any ProofPresenter,
        makeTransport: @escaping @Sendable (AuthoritySettings) -> any AuthorityTransport,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        tick: ClosedRange<Int64> = 25...35,
        onEvent: @escaping @Sendable (ACMEEvent) -> Void
    ) {
        self.clock = clock
        self.tools = tools
        self.makeStore = makeStore
        self.makeProofs = makeProofs
        self.makeTransport = makeTransport
        self.random = random
        self.tick = tick
        self.onEvent = onEvent
    }

    var generator: Generator { Generator(random: random) }

    struct Generator: RandomNumberGenerator {
        let random: @Sendable () -> UInt64

        func next() -> UInt64 { random() }
    }
}
