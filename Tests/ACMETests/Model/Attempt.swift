import ACME
import JSON

/// Drives an attempt against a model, with time that passes at once.
struct Attempt {
    var model: ModelAuthority
    var now: Int64
    var plan: IssuancePlan
    /// What fails when it is asked for, by the name of the action.
    var failures: Set<String> = []
    var answersAfter: Int?
    private(set) var actions: [IssuanceAction] = []
    private(set) var shown: Set<Proof> = []
    private(set) var order: OrderRecord?
    private(set) var account: AccountRecord?
    private(set) var keys = 0
    private(set) var installed: CertificateRecord?

    init(_ model: ModelAuthority, _ plan: IssuancePlan, now: Int64 = 1_800_000_000) {
        (self.model, self.plan, self.now) = (model, plan, now)
        order = plan.order
        account = plan.account
    }

    var notes: [IssuanceNote] { actions.compactMap { if case .note(let note) = $0 { note } else { nil } } }

    /// Runs to the end, or to the step after which a crash is wanted.
    mutating func run(steps: Int = 10_000) -> AttemptOutcome? {
        var machine = IssuanceStateMachine(plan)
        var event = IssuanceEvent.start
        for _ in 0..<steps {
            let actions = machine.handle(event, now: now)
            self.actions += actions
            guard let last = actions.last else { return nil }
            for case .hide(let proofs) in actions { shown.subtract(proofs) }
            if case .finish(let outcome) = last { return outcome }
            event = perform(last)
        }
        return nil
    }

    private mutating func perform(_ action: IssuanceAction) -> IssuanceEvent {
        switch action {
        case .send(let request): return send(request)
        case .wait(let seconds):
            now += seconds
            return .done
        case .keepAccount(let record):
            guard !failures.contains("keepAccount") else { return .failed("account.json: disk full") }
            account = record
        case .makeKey:
            guard !failures.contains("makeKey") else { return .failed("order.pem: disk full") }
            keys += 1
        case .keepOrder(let record):
            guard !failures.contains("keepOrder") else { return .failed("order.json: disk full") }
            order = record
        case .dropOrder: order = nil
        case .show(let proofs):
            guard !failures.contains("show") else { return .failed("the command failed") }
            shown.formUnion(proofs)
        case .install(let chain, let account):
            guard !failures.contains("refuse") else { return .refused("it is for other names") }
            guard !failures.contains("install") else { return .failed("fullchain.pem: disk full") }
            guard let record = ModelTools.record(chain, plan, account: account, now: now) else {
                return .refused("no chain")
            }
            installed = record
            return .installed(record)
        case .hide, .note, .finish: return .failed("not to be waited for")
        }
        return .done
    }

    private mutating func send(_ request: AuthorityRequest) -> IssuanceEvent {
        if let answersAfter, model.requests.count >= answersAfter {
            return .unanswered(AuthorityTransportError("connection refused"))
        }
        model.now = now
        return .answered(model.answer(request))
    }
}

extension AttemptOutcome {
    var isObtained: Bool { if case .obtained = self { true } else { false } }
}

enum ModelTools {
    static func certificate(_ chain: [UInt8]) -> IssuedCertificate? {
        guard let json = try? ModelAuthority.json(chain), let certID = json["certID"]?.string,
            let notBefore = json["notBefore"]?.integer, let notAfter = json["notAfter"]?.integer
        else { return nil }
        return IssuedCertificate(
            serial: certID,
            certID: certID,
            notBefore: Int64(notBefore),
            notAfter: Int64(notAfter)
        )
    }

    static func record(_ chain: [UInt8], _ plan: IssuancePlan, account: String, now: Int64) -> CertificateRecord? {
        certificate(chain).map {
            CertificateRecord(
                identifiers: plan.identifiers,
                authority: plan.authority.directory,
                account: account,
                certificate: $0,
                issuedAt: now
            )
        }
    }
}
