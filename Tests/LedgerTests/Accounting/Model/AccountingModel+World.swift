@testable import Ledger

extension AccountingModel {
    /// One thing happens.
    mutating func step() {
        let dice = Double.random(in: 0..<100, using: &random)
        let before = events.count
        switch dice {
        case ..<30: hysteria.moveSome(&random)
        case ..<34: note("restart") { $0.restartHysteria() }
        case ..<36: note("foreign clear") { $0.hysteria.empty() }
        case ..<39: note("connection breaks") { $0.connection += 1 }
        case ..<41 where place == .behindTunnel:
            note("tunnel restarts") {
                $0.tunnel += 1; $0.connection += 1
            }
        case ..<42: note("who is active changes") { $0.changeActivity() }
        case ..<60: note("consumer") { $0.startConsumer() }
        case ..<66: note("end of a clear") { $0.reportVerdict() }
        case ..<67.5: note("kill") { $0.killGateway() }
        case ..<68: note("stop") { $0.perform { $0.stop(now: $1) } }
        case ..<69.2: note(isDiskBroken ? "disk works" : "disk breaks") { $0.isDiskBroken.toggle() }
        case ..<69.5: note("clock steps") { $0.now.wall += Int64($0.random.pick(-4_000_000...4_000_000)) }
        case ..<70: note("copy") { $0.copy = $0.file }
        case ..<70.3: note("reboot") { $0.reboot() }
        case ..<70.6: note("nonsense") { $0.nonsense() }
        case ..<71.4 where isLimited: note("limit changes") { $0.changeLimit() }
        case ..<70.9:
            note("upstream changes") {
                $0.machine?.upstreamChanged(); $0.connection += 1
            }
        default: advance()
        }
        if events.count == before { events.append("-") }
        turn()
    }

    private mutating func note(_ event: String, _ body: (inout AccountingModel) -> Void) {
        events.append(event)
        body(&self)
    }

    private mutating func advance() {
        // The longest times are those in which the gateway is down.
        let long = random.chance(10) ? random.pick(20_000...(machine == nil ? 20_000_000 : 600_000)) : nil
        let milliseconds = long ?? random.pick(200...9000)
        now.boot += Int64(milliseconds)
        now.wall += Int64(milliseconds)
        if machine == nil, random.chance(40) { note("start") { $0.startGateway() } }
        if isReleased { note("released") { $0.killGateway() } }
    }

    /// What goes on beside: timers, readings, the file.
    private mutating func turn() {
        if let wake = machine?.nextWake, wake <= now.boot, random.chance(80) { perform { $0.timePassed(now: $1) } }
        if isReading, sight == nil, random.chance(70) { look(at: hysteria) }
        if sight != nil, random.chance(70) { arrive() }
        if operation != nil, random.chance(isDiskBroken ? 40 : 80) { finishOperation() }
    }

    private mutating func restartHysteria() {
        let last = look?.map
        hysteria.empty()
        hysteria.process += 1
        connection += 1
        // Sometimes everybody is above the last look before the gateway looks again.
        guard random.chance(40), let last else { return }
        events.append("exceeding")
        for user in hysteria.names.indices where !last[user].isZero {
            hysteria.move(
                user,
                last[user] + Traffic(up: UInt64(random.pick(1...500)), down: UInt64(random.pick(1...500)))
            )
        }
    }

    private mutating func changeActivity() {
        guard seed % 10 != 0 else { return }
        for user in hysteria.names.indices { hysteria.isActive[user] = random.chance(50) }
    }

    private mutating func changeLimit() {
        settings.userLimit = random.pick(0...hysteria.names.count)
        let settings = settings
        perform { $0.settingsChanged(settings, now: $1) }
    }

    private mutating func reboot() {
        killGateway()
        hysteria.empty()
        hysteria.process += 1
        connection += 1
        now = LedgerTime(wall: now.wall + 30_000, boot: 20_000, bootID: now.bootID + 1)
    }

    /// A reading with a counter that cannot be.
    private mutating func nonsense() {
        guard isReading, sight == nil else { return }
        var reading = LedgerReading()
        for name in hysteria.names { reading.append(name, up: 1 << 63, down: 0) }
        isReading = false
        let source = self.source
        let totals = machine?.accounts.servers[ServerID(1)]?.totals
        perform { $0.readingArrived(reading, from: source, now: $1) }
        if machine?.accounts.servers[ServerID(1)]?.totals != totals { fail("nonsense was taken in (I10)") }
    }

    // MARK: Looking

    private var source: ReadingSource {
        let mark =
            switch place {
            case .ownMachine: "boot-\(hysteria.process)"
            case .behindTunnel: "tunnel-\(tunnel)"
            case .unknown: ""
            }
        return ReadingSource(connection: connection, mark: mark, isOwnMachine: place == .ownMachine)
    }

    mutating func look(at hysteria: ModelHysteria) {
        var source = source
        if random.chance(5) { source.mark = "" }
        let map = hysteria.map.map { $0 ?? Traffic() }
        let look = ModelLook(
            epoch: hysteria.epoch,
            map: map,
            connection: source.connection,
            mark: source.mark,
            losses: .init(repeating: Traffic(), count: map.count)
        )
        sight = Sight(reading: hysteria.reading(), look: look, truth: hysteria.truth, source: source)
    }

    mutating func arrive() {
        guard let sight else { return }
        self.sight = nil
        isReading = false
        if random.chance(8) {
            perform { $0.readingFailed(now: $1) }
            return
        }
        wasEmptied = false
        if machine?.last == nil, machine?.accounts.servers[ServerID(1)]?.raw.of(0).isZero == false {
            met.note("unknown strangers")
        }
        let first = machine?.accounts.servers[ServerID(1)]?.lastReading == nil
        let last = look
        perform { $0.readingArrived(sight.reading, from: sight.source, now: $1) }
        check(sight, after: first ? nil : last)
    }
}
