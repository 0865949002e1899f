import HysteriaStats
import Text

/// The state behind the simulated API, and how it moves with time: a pure function of a seed and the moments at which
/// it is looked at. Time goes in steps, so looking more often changes nothing.
struct SimulatedHysteria {
    private struct Device {
        let user: Int
        let number: UInt32
        /// While cut off, the moment at which the client connects again.
        var returnsAt: Int64?
        var streams: [SimulatedStream] = []
        var nextStream: UInt64 = 0
    }

    /// Nanoseconds in a step.
    static let step: Int64 = 250_000_000
    /// A clock that jumps must not keep the simulator busy for ever.
    private static let mostSteps: Int64 = 200_000
    private static let sites = [
        "www.example.com:443", "video.example.net:443", "chat.example.org:443", "mail.example.com:993",
        "198.51.100.7:22",
    ]

    private let users: [SimulatedUser]
    private var devices: [Device] = []
    private var traffic: [ByteKey: (tx: UInt64, rx: UInt64)] = [:]
    private var online: [ByteKey: UInt64] = [:]
    private var kicks: Set<ByteKey> = []
    private var random: SeededGenerator
    private var now: Int64

    init(users: [SimulatedUser], seed: UInt64, now: Int64) {
        self.users = users
        random = SeededGenerator(seed: seed)
        self.now = now
        for (index, user) in users.enumerated() {
            if user.tx > 0 || user.rx > 0 { traffic[ByteKey(user.name)] = (user.tx, user.rx) }
            for _ in 0..<max(0, user.devices) {
                let number = UInt32.random(in: .min ... .max, using: &random)
                devices.append(Device(user: index, number: number))
                connected(user.name)
            }
        }
    }

    /// Lets everything happen that happens until a moment, in nanoseconds since 1970.
    mutating func advance(to moment: Int64) {
        let due = (moment - now) / Self.step
        guard due > 0 else { return }
        let last = now + due * Self.step
        now = last - min(due, Self.mostSteps) * Self.step
        while now < last {
            now += Self.step
            for index in devices.indices { takeStep(index) }
        }
    }

    /// A user's bytes pass. Returns false, and counts nothing, if that user was marked: the connection is then cut.
    mutating func logTraffic(user: String, tx: UInt64, rx: UInt64) -> Bool {
        let user = ByteKey(user)
        guard kicks.remove(user) == nil else { return false }
        let old = traffic[user] ?? (0, 0)
        traffic[user] = (old.tx &+ tx, old.rx &+ rx)
        return true
    }

    mutating func connected(_ user: String) {
        online[ByteKey(user), default: 0] += 1
    }

    mutating func disconnected(_ user: String) {
        let user = ByteKey(user)
        guard let count = online[user] else { return }
        online[user] = count > 1 ? count - 1 : nil
    }

    mutating func kick(_ users: [String]) {
        kicks.formUnion(users.map(ByteKey.init))
    }

    mutating func clear() {
        traffic.removeAll()
    }

    var trafficAnswer: TrafficAnswer {
        TrafficAnswer(
            entries: traffic.sorted { $0.key < $1.key }
                .map { TrafficAnswer.Entry(user: $0.key.text, tx: $0.value.tx, rx: $0.value.rx) }
        )
    }

    var onlineAnswer: OnlineAnswer {
        OnlineAnswer(
            entries: online.sorted { $0.key < $1.key }
                .map { OnlineAnswer.Entry(user: $0.key.text, connections: $0.value) }
        )
    }

    /// The streams in the order of the answer.
    var streams: [SimulatedStream] {
        devices.flatMap(\.streams).sorted {
            (ByteKey($0.user), $0.connection, $0.number) < (ByteKey($1.user), $1.connection, $1.number)
        }
    }
}

// MARK: What devices do

extension SimulatedHysteria {
    private mutating func takeStep(_ index: Int) {
        let user = users[devices[index].user]
        guard user.uploadRate > 0 || user.downloadRate > 0 else { return }
        if let returnsAt = devices[index].returnsAt {
            guard returnsAt <= now else { return }
            devices[index].returnsAt = nil
            connected(user.name)
        }
        openAndCloseStreams(index, user.name)
        // People come in bursts: half of the time nothing passes, otherwise about twice the rate.
        guard Bool.random(using: &random), !devices[index].streams.isEmpty else { return }
        let factor = UInt64.random(in: 0...4000, using: &random)
        let tx = user.uploadRate / 4 * factor / 1000
        let rx = user.downloadRate / 4 * factor / 1000
        guard tx > 0 || rx > 0 else { return }
        guard logTraffic(user: user.name, tx: tx, rx: rx) else { return cut(index, user.name) }
        let stream = Int.random(in: 0..<devices[index].streams.count, using: &random)
        devices[index].streams[stream].state = "estab"
        devices[index].streams[stream].tx &+= tx
        devices[index].streams[stream].rx &+= rx
        devices[index].streams[stream].lastActiveAt = now
    }

    private mutating func openAndCloseStreams(_ index: Int, _ user: String) {
        let count = devices[index].streams.count
        if count < 6, count == 0 || Int.random(in: 0..<12, using: &random) == 0 {
            devices[index].streams.append(
                SimulatedStream(
                    user: user,
                    connection: devices[index].number,
                    number: devices[index].nextStream,
                    address: Self.sites.randomElement(using: &random) ?? "",
                    initialAt: now,
                    lastActiveAt: now
                )
            )
            // QUIC numbers the streams that a client opens in both directions by fours.
            devices[index].nextStream += 4
        } else if count > 1, Int.random(in: 0..<20, using: &random) == 0 {
            devices[index].streams.remove(at: Int.random(in: 0..<count, using: &random))
        }
    }

    /// Cuts one connection. Its client connects again by itself.
    private mutating func cut(_ index: Int, _ user: String) {
        devices[index].streams.removeAll()
        devices[index].nextStream = 0
        devices[index].returnsAt = now + Int64.random(in: 4...20, using: &random) * Self.step
        disconnected(user)
    }
}
