import Text

extension RequestFields {
    /// The header fields that the gateway looks at.
    enum Name {
        case host, accept, expect, origin, userAgent, authorization, secFetchSite, accessControlRequestMethod

        /// The field with this name, in any case; nil where it does not matter to a request.
        init?(_ name: UnsafeRawBufferPointer) {
            switch name.count {
            case 4 where name.equalsIgnoringCase("host"): self = .host
            case 6 where name.equalsIgnoringCase("accept"): self = .accept
            case 6 where name.equalsIgnoringCase("expect"): self = .expect
            case 6 where name.equalsIgnoringCase("origin"): self = .origin
            case 10 where name.equalsIgnoringCase("user-agent"): self = .userAgent
            case 13 where name.equalsIgnoringCase("authorization"): self = .authorization
            case 14 where name.equalsIgnoringCase("sec-fetch-site"): self = .secFetchSite
            case 29 where name.equalsIgnoringCase("access-control-request-method"):
                self = .accessControlRequestMethod
            default: return nil
            }
        }
    }
}
