/// An account (RFC 8555, 7.1.2).
final class AccountRecord {
    let url: String
    var key: AccountPublicKey
    var contacts: [String]
    var isActive = true

    init(url: String, key: AccountPublicKey, contacts: [String]) {
        self.url = url
        self.key = key
        self.contacts = contacts
    }
}

/// A challenge (RFC 8555, 7.1.5).
final class ChallengeRecord {
    let url: String
    let kind: String
    let token: String
    var status = "pending"
    var problem: SimulatedProblem?
    var validated: Int64?

    init(url: String, kind: String, token: String) {
        self.url = url
        self.kind = kind
        self.token = token
    }
}

/// An authorization (RFC 8555, 7.1.4).
final class AuthorizationRecord {
    let url: String
    let account: AccountRecord
    /// Without `*.`.
    let identifier: OrderIdentifier
    let isWildcard: Bool
    let challenges: [ChallengeRecord]
    var expires: Int64
    var status = "pending"
    /// What was found, and in how many readings it is to be seen.
    var decision: (challenge: ChallengeRecord, problem: SimulatedProblem?)?
    var readingsLeft = 0

    init(
        url: String,
        account: AccountRecord,
        identifier: OrderIdentifier,
        isWildcard: Bool,
        challenges: [ChallengeRecord],
        expires: Int64
    ) {
        self.url = url
        self.account = account
        self.identifier = identifier
        self.isWildcard = isWildcard
        self.challenges = challenges
        self.expires = expires
    }

    /// Shows what was found, when it is time. Each call is a reading.
    func look(now: Int64) {
        guard let decision, status == "pending" else { return }
        guard readingsLeft == 0 else {
            readingsLeft -= 1
            return
        }
        decision.challenge.problem = decision.problem
        decision.challenge.status = decision.problem == nil ? "valid" : "invalid"
        decision.challenge.validated = now
        status = decision.challenge.status
        if status == "valid" { expires = now + 30 * 86_400 }
    }
}

/// An order (RFC 8555, 7.1.3).
final class OrderRecord {
    let url: String
    let account: AccountRecord
    let identifiers: [OrderIdentifier]
    let authorizations: [AuthorizationRecord]
    let profile: String?
    let replaces: String?
    let expires: Int64
    var status = "pending"
    var problem: SimulatedProblem?
    var readingsLeft = 0
    /// What is to be seen when the order is valid.
    var certificate: (url: String, pem: String)?

    init(
        url: String,
        account: AccountRecord,
        identifiers: [OrderIdentifier],
        authorizations: [AuthorizationRecord],
        profile: String?,
        replaces: String?,
        expires: Int64
    ) {
        self.url = url
        self.account = account
        self.identifiers = identifiers
        self.authorizations = authorizations
        self.profile = profile
        self.replaces = replaces
        self.expires = expires
    }

    /// Follows its authorizations, and the time. Each call is a reading.
    func look(now: Int64) {
        switch status {
        case "pending":
            for authorization in authorizations { authorization.look(now: now) }
            if let lost = authorizations.first(where: { $0.status != "valid" && $0.status != "pending" }) {
                status = "invalid"
                problem = lost.challenges.compactMap(\.problem).first
            } else if authorizations.allSatisfy({ $0.status == "valid" }) {
                status = "ready"
            }
        case "processing":
            if readingsLeft == 0 { status = "valid" } else { readingsLeft -= 1 }
        default: break
        }
        if now > expires, status == "pending" || status == "ready" { status = "invalid" }
    }
}

/// A name or an address of an order.
struct OrderIdentifier: Hashable {
    /// `dns` or `ip`.
    let type: String
    let value: String
}
