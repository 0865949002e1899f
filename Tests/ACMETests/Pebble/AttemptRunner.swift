import ACME
import Glibc
import JSON
import NIOCore

/// Drives attempts with real parts: a client, a store, proofs.
struct AttemptRunner {
    let authority: AuthoritySettings
    let transport: any AuthorityTransport
    let store: CertificateStore
    let presenter: any ProofPresenter
    let tools = OpenSSLCertificateTools()

    /// What came of an attempt, and what was noted on the way.
    struct Report {
        var outcome = AttemptOutcome.stopped
        var notes: [IssuanceNote] = []
        var requests = 0
        var badNonces = 0
    }

    func run(
        _ identifiers: [Identifier],
        kinds: [ProofKind],
        turn: Int = 0,
        stopBefore: ((IssuanceAction) -> Bool)? = nil
    ) async throws -> Report {
        let place = StorePlace(authority, identifiers)
        guard try await store.lock(authority) else { return Report(outcome: .busy) }
        var account = try await store.account(of: authority)
        if account == nil {
            account = StoredAccount(key: try AccountKey().pem(), record: nil)
            try await store.keep(account ?? StoredAccount(key: [], record: nil), of: authority)
        }
        guard let account else { return Report() }
        let key = try AccountKey(pem: account.key)
        let hasKey = await store.orderKey(in: place) != nil
        let plan = IssuancePlan(
            authority: authority,
            identifiers: identifiers,
            proofKinds: kinds,
            proofTurn: turn,
            account: account.record,
            thumbprint: key.thumbprint,
            order: hasKey ? await store.order(in: place) : nil,
            certificateIssuedAt: await store.certificate(in: place)?.issuedAt ?? 0
        )
        var machine = IssuanceStateMachine(plan)
        var report = Report()
        var sender = Sender(runner: self, key: key)
        var event = IssuanceEvent.start
        while true {
            let actions = machine.handle(event, now: now)
            for action in actions {
                if stopBefore?(action) == true {
                    await store.unlock(authority)
                    return report
                }
                switch action {
                case .note(let note): report.notes.append(note)
                case .hide(let proofs): await presenter.hide(proofs)
                case .finish(let outcome):
                    report.outcome = outcome
                    report.requests = sender.requests
                    report.badNonces = sender.badNonces
                    await store.unlock(authority)
                    return report
                default:
                    event = await perform(action, place, key, place, &sender, account.key)
                }
            }
        }
    }

    private var now: Int64 { Int64(time(nil)) }

    private func perform(
        _ action: IssuanceAction,
        _ place: StorePlace,
        _ key: AccountKey,
        _: StorePlace,
        _ sender: inout Sender,
        _ accountKey: [UInt8]
    ) async -> IssuanceEvent {
        do {
            switch action {
            case .send(let request): return try await sender.send(request, place)
            case .keepAccount(let record):
                try await store.keep(StoredAccount(key: accountKey, record: record), of: authority)
            case .makeKey: try await store.keepOrderKey(tools.newKey(), in: place)
            case .keepOrder(let order): try await store.keep(order, in: place)
            case .show(let proofs): try await presenter.show(proofs)
            case .wait(let seconds): try await Task.sleep(nanoseconds: UInt64(max(0, seconds)) * 1_000_000_000)
            case .dropOrder: try await store.dropOrder(in: place)
            case .install(let chain, let url):
                guard let orderKey = await store.orderKey(in: place) else { return .failed("no key") }
                do {
                    let issued = try tools.inspect(chain, key: orderKey, identifiers: place.identifiers, now: now)
                    let record = CertificateRecord(
                        identifiers: place.identifiers,
                        authority: authority.directory,
                        account: url,
                        certificate: issued,
                        issuedAt: now
                    )
                    try await store.install(chain: chain, key: orderKey, record: record, in: place)
                    return .installed(record)
                } catch let error as CertificateToolsError {
                    return .refused("\(error)")
                }
            case .finish, .hide, .note: break
            }
            return .done
        } catch {
            return .failed("\(error)")
        }
    }

    /// Signs and sends, with nonces.
    private struct Sender {
        let runner: AttemptRunner
        let key: AccountKey
        var nonces = NoncePool()
        var newNonce: String?
        var requests = 0
        var badNonces = 0

        mutating func send(_ request: AuthorityRequest, _ place: StorePlace) async throws -> IssuanceEvent {
            var machine = RequestStateMachine(isSigned: request.signer != .none)
            var action = machine.handle(.begin)
            while true {
                switch action {
                case .takeNonce: action = machine.handle(.nonce(nonces.take()))
                case .fetchNonce: action = machine.handle(await exchange(WireRequest(.head, newNonce ?? "")))
                case .send(let nonce):
                    let wire = try await wire(request, nonce, place)
                    action = machine.handle(await exchange(wire))
                case .wait(let seconds):
                    try await Task.sleep(nanoseconds: UInt64(seconds) * 1_000_000_000)
                    action = machine.handle(.waited)
                case .deliver(let response):
                    if request.method == .get, let text = try? JSONValue(parsing: ByteBuffer(bytes: response.body)) {
                        newNonce = text["newNonce"]?.string ?? newNonce
                    }
                    return .answered(response)
                case .fail(let error): return .unanswered(error)
                }
            }
        }

        private mutating func exchange(_ request: WireRequest) async -> RequestStateMachine.Event {
            requests += 1
            do {
                let response = try await runner.transport.send(request)
                nonces.keep(response.nonce)
                if String(decoding: response.body, as: UTF8.self).contains("badNonce") { badNonces += 1 }
                return .answered(response)
            } catch {
                return .unanswered(error)
            }
        }

        private func wire(_ request: AuthorityRequest, _ nonce: String?, _ place: StorePlace) async throws
            -> WireRequest
        {
            guard let nonce else { return WireRequest(request.method, request.url, followsRedirects: true) }
            let payload: [UInt8]
            switch request.payload {
            case .none, .postAsGet: payload = []
            case .json(let bytes): payload = bytes
            case .newAccount(let contact):
                var text =
                    "{\"termsOfServiceAgreed\":true,\"contact\":[\(contact.map { "\"\($0)\"" }.joined(separator: ","))]"
                if let external = runner.authority.externalAccount {
                    let binding = ExternalAccountBinding.json(external, newAccount: request.url, key: key)
                    text += ",\"externalAccountBinding\":\(String(decoding: binding, as: UTF8.self))"
                }
                payload = Array((text + "}").utf8)
            case .signingRequest:
                let orderKey = await runner.store.orderKey(in: place) ?? []
                let der = try runner.tools.signingRequest(for: place.identifiers, key: orderKey)
                payload = Array("{\"csr\":\"\(Base64URL.encode(der))\"}".utf8)
            }
            var account: String?
            if case .account(let url) = request.signer { account = url }
            let body = try SignedRequest.body(
                payload: payload,
                url: request.url,
                nonce: nonce,
                account: account,
                key: key
            )
            return WireRequest(.post, request.url, body: body)
        }
    }
}
