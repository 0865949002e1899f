import Access
import HTTPServer
import NIOCore

/// One call of the API: where it is, who may make it, in which forms it answers, and how.
///
/// The router, `Allow`, the hint of a 404, the request counters and the redaction of the access log are made from
/// ``Endpoints/all``, and the tests compare `/openapi.json` with it. An endpoint has no state: one serves every event loop. It is a
/// class because a request hands it on many times, and a reference costs the least.
protocol Endpoint: AnyObject, Sendable {
    /// The path, compared as a whole with what a caller sent, percent-decoded once.
    var path: StaticString { get }
    /// The methods, besides OPTIONS, which every path has.
    var methods: EndpointMethods { get }
    /// The scope that a token needs; nil where no token is asked for.
    var scope: Scope? { get }
    /// The parameters that mean something here, besides `format`, which chooses the form of problems at every path.
    var parameters: [RequestTarget.Parameter] { get }
    /// The media types of a good answer; none where it has no content.
    var contentTypes: [Response.ContentType] { get }
    /// The form of the answer, and of problems, where the caller asks for none.
    var defaultFormat: AnswerFormat { get }
    /// What a browser gets at this path without a token; nil where there is no page.
    var page: EmbeddedAnswer? { get }
    /// Whether a token stands in the path, behind `path` and a slash.
    var hasTokenInPath: Bool { get }
    /// Whether the answer to an unknown path suggests this one.
    var isSuggested: Bool { get }

    /// What may be done with the content of a good answer to this call on its way.
    func contentRules(_ call: EndpointCall) -> ContentRules

    /// Answers a call of a caller that may make it, or says what it takes to answer it.
    func answer(_ call: EndpointCall) -> EndpointStep

    /// A body to try the call with; nil where it is made without one.
    ///
    /// - Parameter user: the name of a user to act on.
    func exampleBody(user: String) -> ByteBuffer?
}

extension Endpoint {
    var methods: EndpointMethods { .read }
    var parameters: [RequestTarget.Parameter] { [] }
    var defaultFormat: AnswerFormat { .json }
    var page: EmbeddedAnswer? { nil }
    var hasTokenInPath: Bool { false }

    func contentRules(_ call: EndpointCall) -> ContentRules { [] }

    func exampleBody(user: String) -> ByteBuffer? { nil }
}

/// What an endpoint gets of a request.
///
/// A class because a request hands it on many times, and a reference costs the least.
final class EndpointCall: Sendable {
    /// The method: one of the endpoint's.
    let method: HTTPMethod
    /// What the query says.
    let target: RequestTarget
    /// The form that the answer is to have.
    let format: AnswerFormat
    /// Who asks; nil where the endpoint asks for no token.
    let caller: Caller?
    /// How the answer is to travel.
    let wishes: AnswerWishes
    /// The content of a POST.
    let body: ByteBuffer?
    /// The ledger; nil where there is none.
    let ledger: LedgerService?
    /// Whether there should be one, and it could not be opened.
    let isLedgerMissing: Bool
    /// The request's `Idempotency-Key`, where it says `clear`.
    let idempotencyKey: String?

    init(
        method: HTTPMethod = .get,
        target: RequestTarget = RequestTarget(),
        format: AnswerFormat = .json,
        caller: Caller? = nil,
        wishes: AnswerWishes = AnswerWishes(),
        body: ByteBuffer? = nil,
        ledger: LedgerService? = nil,
        isLedgerMissing: Bool = false,
        idempotencyKey: String? = nil
    ) {
        self.method = method
        self.target = target
        self.format = format
        self.caller = caller
        self.wishes = wishes
        self.body = body
        self.ledger = ledger
        self.isLedgerMissing = isLedgerMissing
        self.idempotencyKey = idempotencyKey
    }

    /// The same with the content of a POST, which comes after it.
    func with(body: ByteBuffer) -> EndpointCall {
        EndpointCall(
            method: method,
            target: target,
            format: format,
            caller: caller,
            wishes: wishes,
            body: body,
            ledger: ledger,
            isLedgerMissing: isLedgerMissing,
            idempotencyKey: idempotencyKey
        )
    }

    /// Why a call that needs a ledger has none.
    var lacksLedger: Problem { isLedgerMissing ? .ledgerUnavailable : .noLedger }

    /// Whose turn it is when works wait.
    var owner: String { caller?.name ?? "" }

    /// Whether the caller may see every user.
    var seesAll: Bool { caller.map { $0.users == nil } ?? false }

    /// Whether the caller may see this user.
    func sees(_ user: String) -> Bool { caller?.sees(user: user) ?? false }

    /// An answer in the form that was asked for.
    func response(
        json: (inout ByteBuffer) -> Void,
        text: (inout ByteBuffer) -> Void,
        csv: (inout ByteBuffer) -> Void = { _ in }
    ) -> Response {
        var body = ByteBuffer()
        switch format {
        case .json: json(&body)
        case .text: text(&body)
        case .csv: csv(&body)
        }
        return Response(status: .ok, contentType: format.contentType, body: body)
    }

    /// Hysteria's answer, byte for byte, so that fields that a later version adds are passed on; nil if another form was
    /// asked for, or if the caller may not see all of it.
    func relay(_ answer: ByteBuffer) -> Response? {
        guard format == .json, seesAll else { return nil }
        return Response(status: .ok, contentType: .json, body: answer)
    }
}
