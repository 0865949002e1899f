import HTTPServer
import HysteriaStats
import JSON
import Ledger
import NIOCore

/// An error as a caller gets it (RFC 9457).
struct Problem {
    /// What kind of error it is: a name that stays, for programs to compare.
    enum Kind: String, CaseIterable {
        case malformedRequest = "malformed-request"
        case requestTooLarge = "request-too-large"
        case requestTimeout = "request-timeout"
        case versionNotSupported = "version-not-supported"
        case expectationFailed = "expectation-failed"
        case unauthorized
        case throttled
        case forbidden
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case upstreamUnreachable = "upstream-unreachable"
        case upstreamFailed = "upstream-failed"
        case upstreamTimeout = "upstream-timeout"
        case overloaded
        case answerLost = "answer-lost"
        case usageRange = "usage-range"
        case cursorGone = "cursor-gone"
        case ledgerUnavailable = "ledger-unavailable"
    }

    /// What `type` begins with; a ``Kind`` follows.
    static let typePrefix = "urn:problem-type:hysteria-gateway:"

    var kind: Kind
    var status: HTTPStatus
    /// What happened this time, in a sentence or two.
    var detail: String
    var fields: [Response.Field] = []

    /// The problem as an answer.
    func response(as format: AnswerFormat) -> Response {
        var body = ByteBuffer()
        switch format {
        case .json:
            body.writeString(#"{"type":"\#(Self.typePrefix)\#(kind.rawValue)","title":"\#(status.reason)","#)
            body.writeString(#""status":\#(status.rawValue),"detail":"#)
            body.writeJSONString(detail)
            body.writeString("}\n")
        case .text, .csv:
            body.writeString("\(status.rawValue) \(status.reason): \(detail)\n")
        }
        return Response(status: status, contentType: format == .json ? .problem : .text, body: body, fields: fields)
    }
}

extension Problem {
    /// The same answer, whatever is wrong with a credential: no part of it is confirmed.
    static let unauthorized = Problem(
        kind: .unauthorized,
        status: .unauthorized,
        detail:
            "Send a valid token: 'Authorization: Bearer <token>', 'Authorization: <token>', or as the password of Basic "
            + "authentication.",
        fields: [
            Response.Field(name: "WWW-Authenticate", value: #"Bearer realm="hysteria-gateway""#),
            Response.Field(name: "WWW-Authenticate", value: #"Basic realm="hysteria-gateway", charset="UTF-8""#),
        ]
    )

    /// In place of ``unauthorized``, for who fails too often.
    static func throttled(seconds: Int64) -> Problem {
        Problem(
            kind: .throttled,
            status: .tooManyRequests,
            detail: "Too many attempts without a valid token from this address.",
            fields: [Response.Field(name: "Retry-After", value: "\(seconds)")]
        )
    }

    static let notFound = Problem(
        kind: .notFound,
        status: .notFound,
        detail:
            "There is nothing at this path. Try \(Endpoints.suggestions); \(DescriptionEndpoint().path) has them all."
    )

    static func forbidden(_ detail: String) -> Problem {
        Problem(kind: .forbidden, status: .forbidden, detail: detail)
    }

    static func malformed(_ detail: String) -> Problem {
        Problem(kind: .malformedRequest, status: .badRequest, detail: detail)
    }

    /// A parameter that means nothing at the path of the request.
    static func misplaced(_ parameter: RequestTarget.Parameter) -> Problem {
        .malformed("\(parameter.rawValue) is a parameter of \(Endpoints.paths(taking: parameter)) only.")
    }

    static func methodNotAllowed(_ route: Route) -> Problem {
        Problem(
            kind: .methodNotAllowed,
            status: .methodNotAllowed,
            detail: "\(route.path) answers \(route.allow).",
            fields: [Response.Field(name: "Allow", value: route.allow)]
        )
    }

    /// The ledger promises nothing that it cannot keep: what would be taken waits in the view.
    static let ledgerUnavailable = Problem(
        kind: .ledgerUnavailable,
        status: .serviceUnavailable,
        detail: "The ledger cannot be written at the moment. Nothing was taken; ask again.",
        fields: [Response.Field(name: "Retry-After", value: "10")]
    )

    /// More large answers are asked for than can be made.
    static let tooManyAnswers = overloaded("Too many large answers are being made.")

    private static func overloaded(_ detail: String) -> Problem {
        Problem(
            kind: .overloaded,
            status: .serviceUnavailable,
            detail: detail,
            fields: [Response.Field(name: "Retry-After", value: "1")]
        )
    }

    static let readingFailed = Problem(
        kind: .upstreamFailed,
        status: .badGateway,
        detail: "Hysteria cannot be read; the gateway's log says why."
    )

    static func cursorGone(acknowledged: Int64) -> Problem {
        Problem(
            kind: .cursorGone,
            status: .gone,
            detail: "This cursor is not known any more; the last one that was acknowledged is \(acknowledged)."
        )
    }

    static let noLedger = Problem(
        kind: .notFound,
        status: .notFound,
        detail: "This gateway keeps no ledger, so there is no history; its configuration says 'ledger'."
    )

    /// What the ledger's file did not answer.
    init(ledger error: any Error) {
        switch (error as? LedgerStorageError)?.kind {
        case .timeLimit, .tooMuch:
            self = .tooMuchUsage
        default:
            self = .ledgerUnavailable
        }
    }

    static let tooMuchUsage = Problem.usageRange(
        "This asks for more than 100,000 figures at once: ask for fewer users, a shorter time, or larger steps."
    )

    static func usageRange(_ detail: String) -> Problem {
        Problem(kind: .usageRange, status: .badRequest, detail: detail)
    }

    /// A request that could not be read.
    init(_ error: RequestError) {
        let kind: Kind =
            switch error {
            case .malformed: .malformedRequest
            case .headTooLarge, .bodyTooLarge: .requestTooLarge
            case .versionNotSupported: .versionNotSupported
            case .expectationFailed: .expectationFailed
            case .timedOut: .requestTimeout
            }
        self.init(kind: kind, status: error.status, detail: error.detail)
    }

    init(_ failure: RequestTarget.ParsingError) {
        switch failure {
        case .malformedPercentEncoding:
            self = .malformed("The request target contains a % that two hexadecimal digits do not follow.")
        case .badParameter(let parameter):
            self = .malformed(parameter.usage)
        }
    }

    /// An upstream that did not answer as it should. The caller learns the kind; addresses and reasons are for the log.
    init(_ error: StatsError) {
        switch error.kind {
        case _ where error.answerMayBeLost:
            self.init(
                kind: .answerLost,
                status: error.kind.isTimeout ? .gatewayTimeout : .badGateway,
                detail: error.answerIsAwaited
                    ? "Hysteria did not answer in time. It may do what was asked all the same; the request is not sent "
                        + "again, and figures that still come go to the gateway's log."
                    : "The connection to Hysteria ended before its answer arrived. It may have done what was asked; "
                        + "the request was not sent again."
            )
        case .unreachable:
            self.init(kind: .upstreamUnreachable, status: .badGateway, detail: "Hysteria cannot be reached.")
        case .timedOut:
            self.init(kind: .upstreamTimeout, status: .gatewayTimeout, detail: "Hysteria did not answer in time.")
        case .tooManyCalls, .shutDown:
            self = .overloaded("Too many calls wait for Hysteria.")
        case .secretRefused, .unexpectedStatus, .malformedAnswer, .answerTooLarge, .connectionLost:
            self.init(
                kind: .upstreamFailed,
                status: .badGateway,
                detail: "Hysteria's answer cannot be used; the gateway's log says why."
            )
        }
    }
}

extension StatsError.Kind {
    fileprivate var isTimeout: Bool {
        if case .timedOut = self { true } else { false }
    }
}
