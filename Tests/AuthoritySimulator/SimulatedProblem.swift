import JSON
import Time

/// A refusal of the simulator: a problem document (RFC 7807; RFC 8555, 6.7).
package struct SimulatedProblem: Error, Sendable, Hashable {
    /// What stands after `urn:ietf:params:acme:error:`.
    package var type: String
    package var detail: String
    package var status: Int
    /// A page that the account's holder has to look at.
    package var instance: String?
    /// What `Retry-After` says, if there is one.
    package var retryAfter: RetryAfterForm

    package init(
        _ type: String,
        _ detail: String,
        status: Int = 400,
        instance: String? = nil,
        retryAfter: RetryAfterForm = .none
    ) {
        self.type = type
        self.detail = detail
        self.status = status
        self.instance = instance
        self.retryAfter = retryAfter
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "type": .string("urn:ietf:params:acme:error:\(type)"), "detail": .string(detail),
            "status": .integer(status),
        ]
        if let instance { members["instance"] = .string(instance) }
        return .object(members)
    }

    static func malformed(_ detail: String, status: Int = 400) -> SimulatedProblem {
        SimulatedProblem("malformed", detail, status: status)
    }

    static func unauthorized(_ detail: String) -> SimulatedProblem {
        SimulatedProblem("unauthorized", detail, status: 403)
    }

    static let badNonce = SimulatedProblem("badNonce", "this nonce was not issued here, or has been used")
}

/// How a `Retry-After` is written (RFC 9110, 10.2.3).
package enum RetryAfterForm: Sendable, Hashable {
    case none
    case seconds(Int)
    /// A date so many seconds from now.
    case date(after: Int64)
    /// Whatever this says.
    case text(String)
}

extension RetryAfterForm {
    func text(now: Int64) -> String? {
        switch self {
        case .none: nil
        case .seconds(let count): String(count)
        case .date(let seconds): CivilTime(now + seconds).httpText
        case .text(let text): text
        }
    }
}
