/// Why a request could not be read, whatever version of HTTP it came in.
///
/// With HTTP/1.1 the connection is closed after the answer: where one request ends and the next begins is no longer
/// known (RFC 9112, section 2.2 and 6.3).
package enum RequestError: Error, Equatable {
    /// Against the grammar; the text says which rule, never what was sent.
    case malformed(StaticString)
    /// The head is larger than ``HTTP1Limits/head``.
    case headTooLarge
    /// The body is, or says it will be, larger than ``HTTP1Limits/body``.
    case bodyTooLarge
    /// Neither HTTP/1.0 nor 1.1.
    case versionNotSupported
    /// `Expect` with something else than `100-continue`.
    case expectationFailed
    /// Begun, and not complete in time.
    case timedOut

    /// The status of the answer.
    package var status: HTTPStatus {
        switch self {
        case .malformed: .badRequest
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .versionNotSupported: .httpVersionNotSupported
        case .expectationFailed: .expectationFailed
        case .timedOut: .requestTimeout
        }
    }

    /// One sentence for the caller.
    package var detail: String {
        switch self {
        case .malformed(let rule): rule.description
        case .headTooLarge: "The request line and header fields exceed \(HTTP1Limits.head) bytes."
        case .bodyTooLarge: "The request body exceeds \(HTTP1Limits.body) bytes."
        case .versionNotSupported: "Only HTTP/1.0 and HTTP/1.1 are supported."
        case .expectationFailed: "Only 'Expect: 100-continue' is understood."
        case .timedOut: "The request did not arrive in time."
        }
    }

    package static func == (left: RequestError, right: RequestError) -> Bool {
        left.status == right.status && left.detail == right.detail
    }
}
