/// What came from an authority, with the header fields that matter as they were written: they are read here, not by the client.
package struct AuthorityResponse: Hashable, Sendable {
    package var status: Int
    package var body: [UInt8]
    /// `Replay-Nonce`.
    package var nonce: String?
    /// `Location`.
    package var location: String?
    /// `Retry-After`: seconds, or a date.
    package var retryAfter: String?
    /// The values of `Link`, each as it came.
    package var links: [String]
    /// `Content-Type`.
    package var contentType: String?
    /// `Date`.
    package var date: String?

    package init(
        status: Int,
        body: [UInt8] = [],
        nonce: String? = nil,
        location: String? = nil,
        retryAfter: String? = nil,
        links: [String] = [],
        contentType: String? = nil,
        date: String? = nil
    ) {
        self.status = status
        self.body = body
        self.nonce = nonce
        self.location = location
        self.retryAfter = retryAfter
        self.links = links
        self.contentType = contentType
        self.date = date
    }
}
