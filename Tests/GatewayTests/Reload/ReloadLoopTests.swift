import NIOConcurrencyHelpers
import NIOPosix
import Testing
import Time

@testable import Gateway

@Suite("The reload loop", .timeLimit(.minutes(1)))
struct ReloadLoopTests {
    /// A loop over the files of a scene, which runs while a test works with it.
    private final class Bench: Sendable {
        let triggers = ReloadTriggers()
        let adopted = NIOLockedValueBox(0)
        let told = NIOLockedValueBox<[Bool]>([])
        private let steps: AsyncStream<String>
        private let step: AsyncStream<String>.Continuation
        private let ticks: AsyncStream<Void>
        let tick: AsyncStream<Void>.Continuation

        init() {
            (steps, step) = AsyncStream.makeStream()
            (ticks, tick) = AsyncStream.makeStream()
        }

        /// Runs the loop; time goes on by one interval whenever `tick` yields.
        func run(_ scene: ReloadScene, _ body: (inout AsyncStream<String>.Iterator) async throws -> Void) async throws {
            let ticks = TickBox(ticks)
            var timing = ReloadTiming()
            timing.interval = .seconds(10)
            timing.settling = .zero
            let loop = ReloadLoop(
                source: StateSource(path: scene.folder.appendingPathComponent("config.yaml").path),
                state: scene.reloader.state,
                ticketKeys: TicketKeyRefresh(keys: scene.reloader.state.ticketKeys, logger: scene.log.logger),
                timing: timing,
                triggers: triggers,
                clock: .system,
                logger: scene.log.logger,
                tell: { [told, step] isReloading in
                    told.withLockedValue { $0.append(isReloading) }
                    step.yield(isReloading ? "begins" : "ends")
                },
                adopt: { [adopted, step] _ in
                    adopted.withLockedValue { $0 += 1 }
                    step.yield("adopted")
                },
                reject: { [step] in step.yield("rejected") },
                wait: { duration in
                    guard duration > .zero else { return }
                    guard await ticks.next() else { throw CancellationError() }
                }
            )
            let task = Task { await loop.run(on: MultiThreadedEventLoopGroup.singleton.next()) }
            var iterator = steps.makeAsyncIterator()
            let result: Result<Void, any Error>
            do { result = .success(try await body(&iterator)) } catch { result = .failure(error) }
            tick.finish()
            task.cancel()
            await task.value
            try result.get()
        }
    }

    private actor TickBox {
        private var iterator: AsyncStream<Void>.Iterator
        init(_ ticks: AsyncStream<Void>) { iterator = ticks.makeAsyncIterator() }
        func next() async -> Bool {
            var copy = iterator
            let tick: Void? = await copy.next(isolation: #isolation)
            iterator = copy
            return tick != nil
        }
    }

    @Test("says when a reload begins and ends that was asked for, and no other")
    func demand() async throws {
        let scene = try ReloadScene()
        let bench = Bench()
        try await bench.run(scene) { steps in
            try scene.write(ReloadScene.configuration(secret: "another_secret"))
            bench.triggers.pull(.demand)
            var seen: [String] = []
            while let step = await steps.next() {
                seen.append(step)
                if step == "ends" { break }
            }
            #expect(seen.contains("begins"))
            #expect(bench.told.withLockedValue { $0 } == [true, false])
            #expect(bench.adopted.withLockedValue { $0 } >= 1)
        }
    }

    @Test("adopts a changed file that nobody has told it of, and says nothing of a reload")
    func changed() async throws {
        let scene = try ReloadScene()
        let bench = Bench()
        try await bench.run(scene) { steps in
            try scene.write(ReloadScene.configuration(hash: "b"))
            bench.tick.yield()
            #expect(await steps.next() == "adopted")
            #expect(bench.told.withLockedValue { $0 } == [])
        }
    }

    @Test("keeps what is served where the new configuration cannot be used")
    func unusable() async throws {
        let scene = try ReloadScene()
        let bench = Bench()
        try await bench.run(scene) { steps in
            try scene.write("tokens: [")
            bench.triggers.pull(.demand)
            var seen: [String] = []
            while let step = await steps.next() {
                seen.append(step)
                if step == "ends" { break }
            }
            #expect(seen.contains("rejected"))
            #expect(!seen.contains("adopted"))
        }
    }
}
