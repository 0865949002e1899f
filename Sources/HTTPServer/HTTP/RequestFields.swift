import Text

/// The header fields of a request that matter, in every version of HTTP.
///
/// Values are ranges of the bytes that the ``Request`` has, so that taking one costs no allocation. Where the message ends,
/// and what else belongs to one version alone, is for the parser of that version.
package struct RequestFields {
    /// The one `Host` field.
    package private(set) var host: Range<Int>?
    /// The one `Authorization` field.
    package private(set) var authorization: Range<Int>?
    /// The first `Accept` field.
    package private(set) var accept: Range<Int>?
    /// The first `Accept-Encoding` field.
    package private(set) var acceptEncoding: Range<Int>?
    /// The first `If-None-Match` field.
    package private(set) var ifNoneMatch: Range<Int>?
    /// Fields after the first of the same name, where RFC 9110, section 5.3, makes them one list.
    private var further: [(name: Name, value: Range<Int>)] = []
    /// The first `User-Agent` field.
    package private(set) var userAgent: Range<Int>?
    /// The one `Origin` field; empty, which no origin is, where there are more.
    package private(set) var origin: Range<Int>?
    /// Whether there is an `Access-Control-Request-Method` field.
    package private(set) var asksForMethod = false
    /// Whether a browser says that a page of another site caused it.
    package private(set) var isFromAnotherSite = false
    /// The one `Idempotency-Key` field (draft-ietf-httpapi-idempotency-key-header).
    package private(set) var idempotencyKey: Range<Int>?
    /// Whether there is `Expect: 100-continue`.
    package private(set) var expectsContinue = false

    /// Takes a field.
    ///
    /// - Parameters:
    ///   - name: Which field it is.
    ///   - value: Its value, without leading and trailing whitespace.
    ///   - range: Where the value is, or would be kept.
    /// - Returns: Whether the value is referred to by `range` from now on.
    mutating func take(
        _ name: Name,
        _ value: UnsafeRawBufferPointer,
        at range: Range<Int>
    ) throws(RequestError) -> Bool {
        switch name {
        case .host:
            guard host == nil else { throw .malformed("There is more than one Host.") }
            try Self.checkAuthority(value)
            host = range
            return true
        case .accept:
            if accept == nil { accept = range } else { further.append((name, range)) }
            return true
        case .acceptEncoding:
            if acceptEncoding == nil { acceptEncoding = range } else { further.append((name, range)) }
            return true
        case .ifNoneMatch:
            if ifNoneMatch == nil { ifNoneMatch = range } else { further.append((name, range)) }
            return true
        case .expect:
            guard value.equalsIgnoringCase("100-continue") else { throw .expectationFailed }
            expectsContinue = true
            return false
        case .origin:
            guard origin == nil else {
                origin = 0..<0
                return false
            }
            origin = range
            return true
        case .userAgent:
            guard userAgent == nil else { return false }
            userAgent = range
            return true
        case .authorization:
            // With two credentials it is unclear which one counts.
            guard authorization == nil else { throw .malformed("There is more than one Authorization.") }
            authorization = range
            return true
        case .idempotencyKey:
            // With two keys it is unclear which answer is the one that was asked for.
            guard idempotencyKey == nil else { throw .malformed("There is more than one Idempotency-Key.") }
            idempotencyKey = range
            return true
        case .secFetchSite:
            isFromAnotherSite = value.equals("cross-site") || value.equals("same-site")
            return false
        case .accessControlRequestMethod:
            asksForMethod = true
            return false
        }
    }

    /// The values of a field that is a list, in order, after the first of them.
    func further(_ name: Name) -> [Range<Int>] {
        further.isEmpty ? [] : further.filter { $0.name == name }.map(\.value)
    }

    /// Refuses what is no authority, wherever a request names one.
    static func checkAuthority(_ value: UnsafeRawBufferPointer) throws(RequestError) {
        guard HTTPAuthority.isValid(value) else {
            throw .malformed("The host is empty or not a host name with an optional port.")
        }
    }
}

extension RequestFields {
    /// The header fields that the gateway looks at.
    package enum Name: Sendable {
        case host, accept, expect, origin, userAgent, authorization, secFetchSite, accessControlRequestMethod
        case idempotencyKey, acceptEncoding, ifNoneMatch

        /// The field with this name, in any case; nil where it does not matter to a request.
        init?(_ name: UnsafeRawBufferPointer) {
            switch name.count {
            case 4 where name.equalsIgnoringCase("host"): self = .host
            case 6 where name.equalsIgnoringCase("accept"): self = .accept
            case 6 where name.equalsIgnoringCase("expect"): self = .expect
            case 6 where name.equalsIgnoringCase("origin"): self = .origin
            case 10 where name.equalsIgnoringCase("user-agent"): self = .userAgent
            case 13 where name.equalsIgnoringCase("authorization"): self = .authorization
            case 13 where name.equalsIgnoringCase("if-none-match"): self = .ifNoneMatch
            case 14 where name.equalsIgnoringCase("sec-fetch-site"): self = .secFetchSite
            case 15 where name.equalsIgnoringCase("accept-encoding"): self = .acceptEncoding
            case 15 where name.equalsIgnoringCase("idempotency-key"): self = .idempotencyKey
            case 29 where name.equalsIgnoringCase("access-control-request-method"):
                self = .accessControlRequestMethod
            default: return nil
            }
        }
    }
}
