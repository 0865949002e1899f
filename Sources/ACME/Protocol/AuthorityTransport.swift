/// How requests reach an authority: a client of HTTP, or a test's.
package protocol AuthorityTransport: Sendable {
    /// Sends one request and returns the answer, of any status. Tries once: what is done again, and when, is decided here.
    func send(_ request: WireRequest) async throws(AuthorityTransportError) -> AuthorityResponse
}

/// A request as it is on the wire, signed where it is one to sign.
package struct WireRequest: Sendable {
    package var method: AuthorityRequest.Method
    /// https, always.
    package var url: String
    /// The flattened JWS of a POST (`application/jose+json`).
    package var body: [UInt8]?
    /// Whether redirects are followed: for the directory alone, which is not signed.
    package var followsRedirects: Bool

    package init(
        _ method: AuthorityRequest.Method,
        _ url: String,
        body: [UInt8]? = nil,
        followsRedirects: Bool = false
    ) {
        self.method = method
        self.url = url
        self.body = body
        self.followsRedirects = followsRedirects
    }
}

/// Why there was no answer.
package struct AuthorityTransportError: Error, Hashable, CustomStringConvertible {
    /// What happened, to which URL, and what to do.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
