extension RequestFields {
    /// The header fields that the gateway looks at.
    enum Name {
        case host, accept, expect, origin, userAgent, authorization, secFetchSite, accessControlRequestMethod

        /// The field with this name, in any case; nil where it does not matter to a request.
        init?(_ name: UnsafeRawBufferPointer) {
            switch name.count {
            case 4 where HTTPGrammar.equals(name, caseInsensitive: "host"): self = .host
            case 6 where HTTPGrammar.equals(name, caseInsensitive: "accept"): self = .accept
            case 6 where HTTPGrammar.equals(name, caseInsensitive: "expect"): self = .expect
            case 6 where HTTPGrammar.equals(name, caseInsensitive: "origin"): self = .origin
            case 10 where HTTPGrammar.equals(name, caseInsensitive: "user-agent"): self = .userAgent
            case 13 where HTTPGrammar.equals(name, caseInsensitive: "authorization"): self = .authorization
            case 14 where HTTPGrammar.equals(name, caseInsensitive: "sec-fetch-site"): self = .secFetchSite
            case 29 where HTTPGrammar.equals(name, caseInsensitive: "access-control-request-method"):
                self = .accessControlRequestMethod
            default: return nil
            }
        }
    }
}
