import JSON
import NIOCore

/// Sends requests to one authority, one after another: each answer brings the nonce of the next request.
struct AuthorityLane {
    private let authority: AuthoritySettings
    private let transport: any AuthorityTransport
    private let clock: any KeeperClock
    private let onEvent: @Sendable (ACMEEvent) -> Void
    private var nonces = NoncePool()
    private var newNonce: String?
    private var hasToldOfClocks = false

    /// More, and one of the two clocks is wrong: certificates come that do not hold yet.
    private static let clockTolerance: Int64 = 5 * 60

    init(_ authority: AuthoritySettings, _ environment: KeeperEnvironment) {
        self.authority = authority
        transport = environment.makeTransport(authority)
        clock = environment.clock
        onEvent = environment.onEvent
    }

    /// Sends a request, again if need be, until there is an answer that counts.
    ///
    /// - Parameter signingRequest: The DER of what asks for the certificate.
    mutating func send(
        _ request: AuthorityRequest,
        key: AccountKey?,
        signingRequest: [UInt8] = []
    ) async throws(AuthorityTransportError) -> AuthorityResponse {
        let payload = try payload(of: request, key: key, signingRequest: signingRequest)
        var machine = RequestStateMachine(isSigned: request.signer != .none)
        var action = machine.handle(.begin)
        while true {
            switch action {
            case .takeNonce: action = machine.handle(.nonce(nonces.take()))
            case .fetchNonce: action = machine.handle(await exchange(WireRequest(.head, newNonce ?? "")))
            case .send(let nonce):
                _ = nonces.take()
                let wire = try sign(request, payload, nonce, key)
                action = machine.handle(await exchange(wire))
            case .wait(let seconds):
                await clock.sleep(seconds)
                guard !Task.isCancelled else { throw AuthorityTransportError("the request was given up") }
                action = machine.handle(.waited)
            case .deliver(let response):
                learn(request, response)
                return response
            case .fail(let error): throw error
            }
        }
    }

    private mutating func exchange(_ request: WireRequest) async -> RequestStateMachine.Event {
        do {
            let response = try await transport.send(request)
            nonces.keep(response.nonce)
            onEvent(.request(authority: authority.name, status: response.status))
            compareClocks(response)
            return .answered(response)
        } catch {
            onEvent(.request(authority: authority.name, status: 0))
            return .unanswered(error)
        }
    }

    private func payload(
        of request: AuthorityRequest,
        key: AccountKey?,
        signingRequest: [UInt8]
    ) throws(AuthorityTransportError) -> [UInt8] {
        switch request.payload {
        case .none, .postAsGet: return []
        case .json(let bytes): return bytes
        case .signingRequest: return (["csr": .string(Base64URL.encode(signingRequest))] as JSONValue).bytes
        case .newAccount(let contact):
            var members: [String: JSONValue] = ["termsOfServiceAgreed": true]
            if !contact.isEmpty { members["contact"] = .array(contact.map(JSONValue.string)) }
            if let account = authority.externalAccount, let key {
                let binding = ExternalAccountBinding.json(account, newAccount: request.url, key: key)
                members["externalAccountBinding"] = try? JSONValue(parsing: ByteBuffer(bytes: binding))
            }
            return JSONValue.object(members).bytes
        }
    }

    private func sign(
        _ request: AuthorityRequest,
        _ payload: [UInt8],
        _ nonce: String?,
        _ key: AccountKey?
    ) throws(AuthorityTransportError) -> WireRequest {
        guard let nonce else {
            return WireRequest(request.method, request.url, followsRedirects: request.url == authority.directory)
        }
        guard let key else { throw AuthorityTransportError("there is no account key to sign with") }
        let account: String? = if case .account(let url) = request.signer { url } else { nil }
        do {
            let body = try SignedRequest.body(
                payload: payload,
                url: request.url,
                nonce: nonce,
                account: account,
                key: key
            )
            return WireRequest(request.method, request.url, body: body)
        } catch {
            throw AuthorityTransportError("a request cannot be signed: \(error)")
        }
    }

    private mutating func learn(_ request: AuthorityRequest, _ response: AuthorityResponse) {
        guard request.url == authority.directory, response.status == 200, let json = try? response.json("directory")
        else { return }
        newNonce = AuthorityURL.usable(json["newNonce"]?.string)
    }

    private mutating func compareClocks(_ response: AuthorityResponse) {
        guard !hasToldOfClocks, let theirs = response.date.flatMap({ InternetTime.seconds(http: $0) }) else { return }
        let ours = clock.now()
        guard abs(theirs - ours) > Self.clockTolerance else { return }
        hasToldOfClocks = true
        onEvent(.clocksDiffer(authority: authority.name, theirs: theirs, ours: ours))
    }
}
