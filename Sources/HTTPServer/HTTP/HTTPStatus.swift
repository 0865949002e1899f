/// The status codes the gateway answers with, and their reason phrases.
package enum HTTPStatus: Int, CaseIterable, Sendable {
    case ok = 200
    case noContent = 204
    case notModified = 304
    case permanentRedirect = 308
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case methodNotAllowed = 405
    case requestTimeout = 408
    case gone = 410
    case contentTooLarge = 413
    case expectationFailed = 417
    case misdirectedRequest = 421
    case tooManyRequests = 429
    case requestHeaderFieldsTooLarge = 431
    case badGateway = 502
    case serviceUnavailable = 503
    case gatewayTimeout = 504
    case httpVersionNotSupported = 505

    /// Whether an answer says how long its content is. RFC 9110, section 8.6: not with 204. With 304 it would be the length
    /// that the content of a 200 has, which is not made.
    var hasLength: Bool { self != .noContent && self != .notModified }

    /// The reason phrase of RFC 9110, section 15.
    package var reason: StaticString {
        switch self {
        case .ok: "OK"
        case .noContent: "No Content"
        case .notModified: "Not Modified"
        case .permanentRedirect: "Permanent Redirect"
        case .badRequest: "Bad Request"
        case .unauthorized: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .requestTimeout: "Request Timeout"
        case .gone: "Gone"
        case .contentTooLarge: "Content Too Large"
        case .expectationFailed: "Expectation Failed"
        case .misdirectedRequest: "Misdirected Request"
        case .tooManyRequests: "Too Many Requests"
        case .requestHeaderFieldsTooLarge: "Request Header Fields Too Large"
        case .badGateway: "Bad Gateway"
        case .serviceUnavailable: "Service Unavailable"
        case .gatewayTimeout: "Gateway Timeout"
        case .httpVersionNotSupported: "HTTP Version Not Supported"
        }
    }
}
