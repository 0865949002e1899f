import ACME
import JSON

/// An authority in memory, at the level of requests: what the protocol looks like to a state machine. It signs nothing and checks no
/// signature; the simulated authority does.
struct ModelAuthority {
    static let base = "https://ca.example"
    static let settings = AuthoritySettings(directory: base + "/directory", name: "model")

    struct ModelOrder {
        var identifiers: [Identifier]
        var account: String
        var status = "pending"
        var authorizations: [Int]
        var polls = 0
        var certificate: [UInt8]?
        var replaces: String?
        var problem: JSONValue = .null
    }

    struct ModelAuthorization {
        var identifier: Identifier
        var isWildcard: Bool
        var status = "pending"
        var polls = 0
        var told: ProofKind?
        var problem: JSONValue = .null
    }

    var host = ModelAuthority.base
    var now: Int64 = 0
    var lifetime: Int64 = 90 * 86_400
    var limits = ModelLimits()
    /// What can be proved.
    var proves: @Sendable (Identifier, ProofKind) -> Bool = { _, _ in true }
    /// What a failed proof is called.
    var failure = "connection"
    var profiles: [String] = []
    var hasRenewalInfo = false
    var needsExternalAccount = false
    /// Where the window for renewal is, in the lifetime.
    var window: ClosedRange<Double> = 0.66...0.68
    var offers: [String] = ["tls-alpn-01", "dns-persist-01", "http-01", "dns-01"]
    var reusesAuthorizations = false
    /// How often an authorization or an order is seen on its way.
    var validationPolls = 1
    var issuingPolls = 1
    var retryAfter: String?
    /// Answers instead of the model, for faults.
    var intercept: (@Sendable (AuthorityRequest, ModelAuthority) -> AuthorityResponse?)?

    private(set) var accounts: Set<String> = []
    private(set) var orders: [ModelOrder] = []
    private(set) var authorizations: [ModelAuthorization] = []
    private(set) var requests: [AuthorityRequest] = []
    private(set) var newOrders: [(at: Int64, payload: JSONValue)] = []
    private(set) var issued: [(at: Int64, notBefore: Int64, notAfter: Int64, certID: String)] = []
    private(set) var failedValidations: [Int64] = []
    private(set) var replaced: Set<String> = []
    private(set) var deactivated = 0
    private(set) var renewalQuestions: [Int64] = []

    mutating func forgetAccounts() { accounts = [] }

    mutating func forgetOrders() { orders = [] }

    func count(_ path: String) -> Int { requests.count { $0.url.hasPrefix(host + path) } }

    /// Answers a request.
    mutating func answer(_ request: AuthorityRequest) -> AuthorityResponse {
        requests.append(request)
        if let response = intercept?(request, self) { return response }
        var response = route(request)
        response.nonce = "nonce\(requests.count)"
        return response
    }

    private mutating func route(_ request: AuthorityRequest) -> AuthorityResponse {
        guard request.url.hasPrefix(host) else { return Self.problem(404, "malformed", "no such host") }
        let path = request.url.dropFirst(host.count).split(separator: "/").map(String.init)
        if case .account(let account) = request.signer, !accounts.contains(account) {
            return Self.problem(400, "accountDoesNotExist", "no such account")
        }
        let index = path.count > 1 ? Int(path[1]) ?? -1 : -1
        switch path.first {
        case "directory": return directory
        case "nonce": return AuthorityResponse(status: 200)
        case "account": return newAccount()
        case "new-order": return newOrder(request)
        case "order" where orders.indices.contains(index): return readOrder(index)
        case "authz" where authorizations.indices.contains(index): return readAuthorization(request, index)
        case "challenge" where authorizations.indices.contains(index): return tell(index, path[2])
        case "finalize" where orders.indices.contains(index): return finalize(request, index)
        case "certificate" where orders.indices.contains(index):
            return AuthorityResponse(status: 200, body: orders[index].certificate ?? [])
        case "ari": return renewalInfo(path[1])
        default: return Self.problem(404, "malformed", "no such resource")
        }
    }

    private var directory: AuthorityResponse {
        var meta: [String: JSONValue] = [
            "termsOfService": "https://ca.example/terms", "caaIdentities": .null,
            "externalAccountRequired": .bool(needsExternalAccount),
        ]
        if !profiles.isEmpty {
            meta["profiles"] = .object(Dictionary(uniqueKeysWithValues: profiles.map { ($0, "x") }))
        }
        var members: [String: JSONValue] = [
            "newNonce": .string(host + "/nonce"), "newAccount": .string(host + "/account"),
            "newOrder": .string(host + "/new-order"), "meta": .object(meta), "random": "https://x.example",
        ]
        if hasRenewalInfo { members["renewalInfo"] = .string(host + "/ari") }
        return Self.answer(200, .object(members))
    }

    private mutating func newAccount() -> AuthorityResponse {
        if let wait = limits.account(now) { return Self.problem(429, "rateLimited", "too many", retryAfter: wait) }
        let url = host + "/acct/1"
        accounts.insert(url)
        return Self.answer(201, ["status": "valid"], location: url)
    }

    private mutating func newOrder(_ request: AuthorityRequest) -> AuthorityResponse {
        guard case .json(let bytes) = request.payload, let payload = try? Self.json(bytes),
            let identifiers = payload["identifiers"]?.identifiersForTests, case .account(let account) = request.signer
        else { return Self.problem(400, "malformed", "no identifiers") }
        newOrders.append((now, payload))
        let replaces = payload["replaces"]?.string
        if let replaces, replaced.contains(replaces) {
            return Self.problem(409, "alreadyReplaced", "this certificate has been replaced")
        }
        if let wait = limits.order(identifiers, isRenewal: replaces != nil, now) {
            return Self.problem(429, "rateLimited", "too many, see https://ca.example/limits", retryAfter: wait)
        }
        var order = ModelOrder(identifiers: identifiers, account: account, authorizations: [], replaces: replaces)
        for identifier in identifiers {
            let reused = authorizations.firstIndex { $0.status == "valid" && $0.identifier == identifier.proved }
            if reusesAuthorizations, let reused {
                order.authorizations.append(reused)
            } else {
                authorizations.append(
                    ModelAuthorization(identifier: identifier.proved, isWildcard: identifier.isWildcard)
                )
                order.authorizations.append(authorizations.count - 1)
            }
        }
        orders.append(order)
        updateOrder(orders.count - 1)
        return describe(orders.count - 1, status: 201)
    }

    private mutating func updateOrder(_ index: Int) {
        guard orders[index].status == "pending" else { return }
        let states = orders[index].authorizations.map { authorizations[$0].status }
        if states.allSatisfy({ $0 == "valid" }) { orders[index].status = "ready" }
        if states.contains(where: { $0 != "valid" && $0 != "pending" }) { orders[index].status = "invalid" }
    }

    private mutating func readOrder(_ index: Int) -> AuthorityResponse {
        updateOrder(index)
        if orders[index].status == "processing" {
            orders[index].polls += 1
            if orders[index].polls > issuingPolls { issue(index) }
        }
        return describe(index, status: 200)
    }

    private func describe(_ index: Int, status: Int) -> AuthorityResponse {
        let order = orders[index]
        var members: [String: JSONValue] = [
            "status": .string(order.status), "identifiers": .identifiersForTests(order.identifiers),
            "authorizations": .array(order.authorizations.map { .string("\(host)/authz/\($0)") }),
            "finalize": .string("\(host)/finalize/\(index)"), "error": order.problem, "certificate": .null,
        ]
        if order.certificate != nil { members["certificate"] = .string("\(host)/certificate/\(index)") }
        var answer = Self.answer(status, .object(members), location: "\(host)/order/\(index)")
        answer.retryAfter = order.status == "processing" ? retryAfter : nil
        return answer
    }

    private mutating func readAuthorization(_ request: AuthorityRequest, _ index: Int) -> AuthorityResponse {
        if case .json = request.payload {
            deactivated += 1
            authorizations[index].status = "deactivated"
        } else if authorizations[index].status == "pending", let kind = authorizations[index].told {
            authorizations[index].polls += 1
            if authorizations[index].polls > validationPolls { decide(index, kind) }
        }
        let authorization = authorizations[index]
        let challenges = offers.map { type -> JSONValue in
            let isTried = authorization.told?.rawValue == type
            guard type != "dns-persist-01" else { return ["type": .string(type), "status": "pending"] }
            return [
                "type": .string(type), "url": .string("\(host)/challenge/\(index)/\(type)"),
                "token": .string("token-\(index)"), "status": .string(isTried ? "processing" : "pending"),
                "error": isTried ? authorization.problem : .null,
            ]
        }
        return Self.answer(
            200,
            [
                "status": .string(authorization.status), "wildcard": .bool(authorization.isWildcard),
                "identifier": [
                    "type": .string(authorization.identifier.type), "value": .string(authorization.identifier.value),
                ],
                "challenges": .array(challenges),
            ]
        )
    }

    private mutating func decide(_ index: Int, _ kind: ProofKind) {
        let identifier = authorizations[index].identifier
        if proves(identifier, kind) {
            authorizations[index].status = "valid"
        } else {
            authorizations[index].status = "invalid"
            authorizations[index].problem = Self.problemJSON(400, failure, "192.0.2.1: nobody there")
            failedValidations.append(now)
            limits.failed(identifier, now)
        }
    }

    private mutating func tell(_ index: Int, _ kind: String) -> AuthorityResponse {
        authorizations[index].told = ProofKind(rawValue: kind)
        return Self.answer(200, ["type": .string(kind), "status": "processing"])
    }

    private mutating func finalize(_ request: AuthorityRequest, _ index: Int) -> AuthorityResponse {
        updateOrder(index)
        guard orders[index].status == "ready" else { return Self.problem(403, "orderNotReady", "not ready") }
        orders[index].status = "processing"
        if issuingPolls == 0 { issue(index) }
        return describe(index, status: 200)
    }

    private mutating func issue(_ index: Int) {
        let certID = "aki.serial\(issued.count)"
        if let old = orders[index].replaces { replaced.insert(old) }
        limits.issued(orders[index].identifiers, isRenewal: orders[index].replaces != nil, now)
        // As Let's Encrypt does: an hour back, so that clocks may differ.
        let notBefore = now - 3600
        issued.append((now, notBefore, notBefore + lifetime, certID))
        orders[index].status = "valid"
        let document: JSONValue = [
            "certID": .string(certID), "notBefore": .integer(Int(notBefore)),
            "notAfter": .integer(Int(notBefore + lifetime)),
        ]
        orders[index].certificate = document.bytes
    }

    private mutating func renewalInfo(_ certID: String) -> AuthorityResponse {
        renewalQuestions.append(now)
        guard let certificate = issued.last(where: { $0.certID == certID }) else {
            return Self.problem(404, "malformed", "no such certificate")
        }
        func moment(_ part: Double) -> JSONValue {
            let seconds = certificate.notBefore + Int64(Double(certificate.notAfter - certificate.notBefore) * part)
            return .string(Moments.text(seconds))
        }
        var answer = Self.answer(
            200,
            ["suggestedWindow": ["start": moment(window.lowerBound), "end": moment(window.upperBound)]]
        )
        answer.retryAfter = "21600"
        return answer
    }
}
