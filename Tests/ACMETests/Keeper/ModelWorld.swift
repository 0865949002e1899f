import JSON
import NIOConcurrencyHelpers
import NIOCore
import SeededRandom

@testable import ACME

/// The world of a keeper, in memory, with time that passes at once.
final class ModelWorld: Sendable {
    struct State {
        var now: Int64 = 1_800_000_000
        var end: Int64 = 1_800_000_000
        var onEnd: (@Sendable () -> Void)?
        /// What happens at some time, such as an operator's command.
        var plans: [(at: Int64, what: @Sendable () async -> Void)] = []
        var authorities: [ModelAuthority] = [ModelAuthority()]
        /// Whether an authority can be reached.
        var isReachable = true
        var events: [ACMEEvent] = []
        var numbers = SeededGenerator(seed: 11)
        var shown: Set<Proof> = []
        var files = Files()
        var exchanges = 0
        /// The exchange at which the process is killed.
        var killAt: Int?
        var date: Int64?
    }

    /// What a disk has.
    struct Files {
        var accounts: [String: StoredAccount] = [:]
        var certificates: [String: CertificateRecord] = [:]
        var keys: [String: [UInt8]] = [:]
        var orders: [String: OrderRecord] = [:]
        var attempts: [String: AttemptHistory] = [:]
        var locked: Set<String> = []
        var isFull = false
        var isUnreadable = false
    }

    let state = NIOLockedValueBox(State())

    func with<R>(_ body: (inout State) -> R) -> R { state.withLockedValue { body(&$0) } }

    var model: ModelAuthority { with { $0.authorities[0] } }

    func settings(_ certificates: [[Identifier]] = [[.name("my.site.com")]]) -> ACMESettings {
        ACMESettings(
            certificates: certificates,
            authorities: with { state in
                state.authorities.enumerated().map { index, authority in
                    AuthoritySettings(directory: authority.host + "/directory", name: index == 0 ? "model" : "other")
                }
            },
            folder: "/acme"
        )
    }

    func environment(tick: ClosedRange<Int64>) -> KeeperEnvironment {
        KeeperEnvironment(
            clock: ModelClock(world: self),
            tools: ModelKeys(),
            makeStore: { _ in ModelStore(world: self) },
            makeProofs: { _ in ModelProofs(world: self) },
            makeTransport: { _ in ModelTransport(world: self) },
            random: { self.with { $0.numbers.next() } },
            tick: tick,
            onEvent: { event in self.with { $0.events.append(event) } }
        )
    }

    /// Runs a process for some time, or until it is killed.
    @discardableResult
    func run(
        for seconds: Int64,
        _ settings: ACMESettings? = nil,
        tick: ClosedRange<Int64> = 25...35,
        plans: @Sendable (CertificateKeeper) -> [(after: Int64, what: @Sendable () async -> Void)] = { _ in [] }
    ) async -> CertificateKeeper {
        let keeper = CertificateKeeper(settings ?? self.settings(), environment: environment(tick: tick))
        // The process before this one is gone, and its locks with it.
        with { $0.files.locked = [] }
        let plans = plans(keeper)
        with { state in
            state.end = state.now + seconds
            state.plans = plans.map { (state.now + $0.after, $0.what) }
        }
        let task = Task {
            while with({ $0.onEnd == nil }) { await Task.yield() }
            await keeper.run()
        }
        with { $0.onEnd = { task.cancel() } }
        await task.value
        with { $0.onEnd = nil }
        return keeper
    }

    var obtained: Int { with { $0.events.count { if case .obtained = $0 { true } else { false } } } }

    var problems: [AttemptProblem] {
        with { $0.events.compactMap { if case .refused(_, let problem, _, _, _, _, _) = $0 { problem } else { nil } } }
    }
}

struct ModelClock: KeeperClock {
    let world: ModelWorld

    func now() -> Int64 { world.with { $0.now } }

    func sleep(_ seconds: Int64) async {
        let (due, onEnd) = world.with { state in
            state.now += seconds
            let due = state.plans.filter { $0.at <= state.now }.map(\.what)
            state.plans.removeAll { $0.at <= state.now }
            return (due, state.now >= state.end ? state.onEnd : nil)
        }
        for what in due { await what() }
        onEnd?()
    }
}

/// Reads what is signed, and hands it to the model.
struct ModelTransport: AuthorityTransport {
    let world: ModelWorld

    func send(_ request: WireRequest) async throws(AuthorityTransportError) -> AuthorityResponse {
        let answer = world.with { state -> (AuthorityResponse?, (@Sendable () -> Void)?) in
            state.exchanges += 1
            let kill = state.exchanges == state.killAt ? state.onEnd : nil
            guard state.isReachable,
                let index = state.authorities.firstIndex(where: { request.url.hasPrefix($0.host + "/") })
            else { return (nil, kill) }
            state.authorities[index].now = state.now
            var response = state.authorities[index].answer(Self.request(request))
            if let date = state.date { response.date = Moments.http(date) }
            return (response, kill)
        }
        answer.1?()
        guard let response = answer.0 else { throw AuthorityTransportError("\(request.url): connection refused") }
        return response
    }

    private static func request(_ wire: WireRequest) -> AuthorityRequest {
        guard let body = wire.body, let jws = try? ModelAuthority.json(body), let protected = part(jws, "protected"),
            let header = try? ModelAuthority.json(protected)
        else { return AuthorityRequest(wire.method, wire.url) }
        let signer: AuthorityRequest.Signer = header["kid"]?.string.map { .account($0) } ?? .jwk
        let payload = part(jws, "payload") ?? []
        return AuthorityRequest(.post, wire.url, payload: payload.isEmpty ? .postAsGet : .json(payload), signer: signer)
    }

    private static func part(_ jws: JSONValue, _ key: String) -> [UInt8]? {
        jws[key]?.string.flatMap(Base64URL.decodeKey)
    }
}

struct ModelKeys: CertificateTools {
    func newKey() throws(CertificateToolsError) -> [UInt8] { Array("key".utf8) }

    func signingRequest(for identifiers: [Identifier], key: [UInt8]) throws(CertificateToolsError) -> [UInt8] { key }

    func inspect(
        _ chain: [UInt8],
        key: [UInt8],
        identifiers: [Identifier],
        now: Int64
    ) throws(CertificateToolsError) -> IssuedCertificate {
        guard let certificate = ModelTools.certificate(chain) else { throw CertificateToolsError("no chain") }
        return certificate
    }
}

struct ModelProofs: ProofPresenter {
    let world: ModelWorld

    func show(_ proofs: [Proof]) async throws(ProofError) { world.with { $0.shown.formUnion(proofs) } }

    func hide(_ proofs: [Proof]) async { world.with { $0.shown.subtract(proofs) } }

    func askers(of proof: Proof) async -> String { "nobody asked for the proof" }
}

/// A folder in memory. The lock is between processes: within one, it is a bug to take it twice.
struct ModelStore: KeeperStore {
    let world: ModelWorld

    private func write(_ body: (inout ModelWorld.Files) -> Void) throws(StoreError) {
        let isFull = world.with { $0.files.isFull }
        guard !isFull else { throw StoreError("/acme: no space left on device") }
        world.with { body(&$0.files) }
    }

    func lock(_ authority: AuthoritySettings) async throws(StoreError) -> Bool {
        world.with { $0.files.locked.insert(authority.directory).inserted }
    }

    func unlock(_ authority: AuthoritySettings) async { _ = world.with { $0.files.locked.remove(authority.directory) } }

    func account(of authority: AuthoritySettings) async throws(StoreError) -> StoredAccount? {
        guard !world.with({ $0.files.isUnreadable }) else {
            throw StoreError("/acme/account.pem: it is no private key")
        }
        return world.with { $0.files.accounts[authority.directory] }
    }

    func keep(_ account: StoredAccount, of authority: AuthoritySettings) async throws(StoreError) {
        try write { $0.accounts[authority.directory] = account }
    }

    func certificate(in place: StorePlace) async -> CertificateRecord? {
        world.with { $0.files.certificates[place.folder] }
    }

    func keep(_ record: CertificateRecord, in place: StorePlace) async throws(StoreError) {
        try write { $0.certificates[place.folder] = record }
    }

    func install(
        chain: [UInt8],
        key: [UInt8],
        record: CertificateRecord,
        in place: StorePlace
    ) async throws(StoreError) {
        try write { $0.certificates[place.folder] = record }
    }

    func orderKey(in place: StorePlace) async -> [UInt8]? { world.with { $0.files.keys[place.folder] } }

    func keepOrderKey(_ key: [UInt8], in place: StorePlace) async throws(StoreError) {
        try write { $0.keys[place.folder] = key }
    }

    func order(in place: StorePlace) async -> OrderRecord? { world.with { $0.files.orders[place.folder] } }

    func keep(_ order: OrderRecord, in place: StorePlace) async throws(StoreError) {
        try write { $0.orders[place.folder] = order }
    }

    func dropOrder(in place: StorePlace) async throws(StoreError) {
        try write {
            $0.orders[place.folder] = nil
            $0.keys[place.folder] = nil
        }
    }

    func attempts(in place: StorePlace) async -> AttemptHistory? { world.with { $0.files.attempts[place.folder] } }

    func keep(_ attempts: AttemptHistory, in place: StorePlace) async throws(StoreError) {
        // As it is on a disk.
        let read = AttemptHistory(json: attempts.json)
        try write { $0.attempts[place.folder] = read }
    }
}
