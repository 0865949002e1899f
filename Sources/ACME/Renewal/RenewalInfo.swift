import JSON

/// What an authority says about the renewal of a certificate (RFC 9773, 4.2).
package enum RenewalInfo {
    /// The window. One that ends before it begins is no answer.
    package static func window(_ json: JSONValue) throws(DocumentError) -> RenewalWindow {
        let suggested = json["suggestedWindow"] ?? .null
        guard let start = suggested.moment("start"), let end = suggested.moment("end") else {
            throw DocumentError("the authority's renewal information has no window")
        }
        // Shown to people: a link that is not https is not passed on.
        let explanation = AuthorityURL.usable(json["explanationURL"]?.string)
        guard let window = RenewalWindow(start: start, end: end, explanation: explanation) else {
            throw DocumentError("the authority's renewal information has a window that ends before it begins")
        }
        return window
    }
}
