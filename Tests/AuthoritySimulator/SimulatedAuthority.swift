import JSON
import NIOCore
import OpenSSLCrypto
import Text

/// What the simulator knows and decides (RFC 8555), without a network. It lives on one event loop.
final class SimulatedAuthority {
    /// A request whose signature and nonce are good.
    struct Signed {
        /// Whose it is; nil where the key itself came along.
        let account: AccountRecord?
        let key: AccountPublicKey
        let message: SignedMessage
        let url: String
        let id: String
        /// Whether it only reads (POST-as-GET).
        var isReading: Bool { message.payload.isEmpty }
    }

    let origin: String
    let clock: @Sendable () -> Int64
    let issuer: CertificateIssuer
    let validate: (ProofRequest) -> EventLoopFuture<SimulatedProblem?>

    var behaviour: AuthorityBehaviour
    var faults: [AuthorityFault] = []
    var requests: [SimulatedRequest] = []
    var certificates: [SimulatedCertificate] = []

    var accounts: [String: AccountRecord] = [:]
    var orders: [String: OrderRecord] = [:]
    var authorizations: [String: AuthorizationRecord] = [:]
    var challenges: [String: AuthorizationRecord] = [:]
    /// Chains by their URLs, and whose they are.
    var chains: [String: (pem: String, account: AccountRecord)] = [:]
    private var nonces: Set<String> = []
    private var noncesUsed = 0
    private var lastID = 0

    init(
        origin: String,
        behaviour: AuthorityBehaviour,
        clock: @escaping @Sendable () -> Int64,
        validate: @escaping (ProofRequest) -> EventLoopFuture<SimulatedProblem?>
    ) throws {
        self.origin = origin
        self.behaviour = behaviour
        self.clock = clock
        self.validate = validate
        issuer = try CertificateIssuer(now: clock())
    }

    var now: Int64 { clock() }

    func newID() -> String {
        lastID += 1
        return String(lastID)
    }

    /// Answers a request, or does with it what a fault wants.
    func outcome(of request: ReceivedRequest) -> RequestOutcome {
        let (endpoint, id) = request.target
        requests.append(SimulatedRequest(endpoint: endpoint, method: request.method, path: request.path, time: now))
        let index = requests.count - 1
        if let effect = fault(at: endpoint, ofConnection: true, payload: nil) {
            switch effect {
            case .silent: return .silence
            case .answer(let status, let contentType, let body):
                requests[index].status = status
                return .answer(SimulatedAnswer(status: status, contentType: contentType, body: body))
            default: return .close
            }
        }
        var effect: AuthorityFault.Effect?
        var answer: SimulatedAnswer
        do throws(SimulatedProblem) {
            answer = try self.answer(to: request, endpoint, id, index: index, effect: &effect)
        } catch {
            requests[index].problem = error.type
            answer = SimulatedAnswer(error, now: now)
        }
        // Every answer to a POST has the next nonce, refusals above all (RFC 8555, 6.5).
        if request.method == "POST" || endpoint == .newNonce { answer.headers.append(("Replay-Nonce", newNonce())) }
        if endpoint != .directory { answer.headers.append(("Link", "<\(origin)/directory>;rel=\"index\"")) }
        switch effect {
        case .lost: return .close
        case .cut: return .half(answer)
        case .body(let text):
            answer.body = ByteBuffer(string: text)
        default: break
        }
        requests[index].status = answer.status
        return .answer(answer)
    }

    /// The first fault that meets the request.
    private func fault(
        at endpoint: AuthorityFault.Endpoint,
        ofConnection: Bool,
        payload: JSONValue?
    ) -> AuthorityFault.Effect? {
        for index in faults.indices where faults[index].isOfConnection == ofConnection {
            guard faults[index].endpoint.map({ $0 == endpoint }) ?? true else { continue }
            guard !faults[index].onlyReplacing || payload?["replaces"] != nil else { continue }
            if faults[index].meets() { return faults[index].effect }
        }
        return nil
    }

    private func answer(
        to request: ReceivedRequest,
        _ endpoint: AuthorityFault.Endpoint,
        _ id: String,
        index: Int,
        effect: inout AuthorityFault.Effect?
    ) throws(SimulatedProblem) -> SimulatedAnswer {
        // RFC 8555, 6.1.
        guard let agent = request.userAgent, !agent.isEmpty else { throw .malformed("the request has no User-Agent") }
        let signed: Signed?
        switch endpoint {
        case .directory, .newNonce, .renewalInfo, .other:
            guard request.method == "GET" || request.method == "HEAD" else {
                throw .malformed("\(request.method) is not for \(request.path)", status: 405)
            }
            signed = nil
        default:
            guard request.method == "POST" else {
                throw .malformed("\(request.method) is not for \(request.path)", status: 405)
            }
            signed = try verified(request, endpoint, id)
        }
        if let signed {
            requests[index].account = signed.account?.url
            if !signed.isReading { requests[index].payload = try signed.message.document }
        }
        effect = fault(at: endpoint, ofConnection: false, payload: requests[index].payload)
        if case .problem(let problem) = effect { throw problem }
        guard let signed else { return try answerUnsigned(endpoint, id) }
        return switch endpoint {
        case .newAccount: try newAccount(signed)
        case .account: try account(signed)
        case .keyChange: try changeKey(signed)
        case .newOrder: try newOrder(signed)
        case .order: try order(signed)
        case .finalize: try finalize(signed)
        case .authorization: try authorization(signed)
        case .challenge: try challenge(signed)
        case .certificate: try certificate(signed)
        default: try revoke(signed)
        }
    }

    private func answerUnsigned(
        _ endpoint: AuthorityFault.Endpoint,
        _ id: String
    ) throws(SimulatedProblem) -> SimulatedAnswer {
        switch endpoint {
        case .directory: try directory(id)
        case .newNonce: SimulatedAnswer(status: 200, [("Cache-Control", "no-store")])
        case .renewalInfo: try renewalInfo(id)
        default: throw .malformed("there is nothing here", status: 404)
        }
    }

    // MARK: Signatures and nonces

    private func verified(
        _ request: ReceivedRequest,
        _ endpoint: AuthorityFault.Endpoint,
        _ id: String
    ) throws(SimulatedProblem) -> Signed {
        guard request.contentType == "application/jose+json" else {
            throw .malformed("the content type is not application/jose+json", status: 415)
        }
        let message = try SignedMessage(try? JSONValue(parsing: request.body))
        let url = origin + request.path
        guard message.header["url"]?.string == url else {
            throw .unauthorized("'url' is not the URL that was asked: \(url)")
        }
        try use(nonce: message.header["nonce"]?.string)
        let (jwk, kid) = (message.header["jwk"], message.header["kid"]?.string)
        guard (jwk == nil) != (kid == nil) else { throw .malformed("there is not exactly one of 'jwk' and 'kid'") }
        if let jwk {
            guard endpoint == .newAccount || endpoint == .revocation else { throw .malformed("this wants a 'kid'") }
            let key = try AccountPublicKey(jwk)
            try message.verify(by: key)
            return Signed(account: nil, key: key, message: message, url: url, id: id)
        }
        guard endpoint != .newAccount else { throw .malformed("newAccount wants a 'jwk'") }
        guard let account = kid.flatMap({ accounts[$0] }) else {
            throw SimulatedProblem("accountDoesNotExist", "there is no account \(kid ?? "")")
        }
        guard account.isActive else { throw .unauthorized("the account is deactivated") }
        try message.verify(by: account.key)
        return Signed(account: account, key: account.key, message: message, url: url, id: id)
    }

    private func newNonce() -> String {
        let nonce = Base64.encodeForURL(SecretBytes.random(16))
        nonces.insert(nonce)
        return nonce
    }

    private func use(nonce: String?) throws(SimulatedProblem) {
        noncesUsed += 1
        let isUnlucky = behaviour.refusesEveryNonce > 0 && noncesUsed.isMultiple(of: behaviour.refusesEveryNonce)
        guard let nonce, nonces.remove(nonce) != nil, !isUnlucky else { throw .badNonce }
    }

    /// Forgets accounts, orders and nonces, as an authority that was set up anew.
    func reset() {
        (accounts, orders, authorizations, challenges, chains, nonces) = ([:], [:], [:], [:], [:], [])
    }
}
