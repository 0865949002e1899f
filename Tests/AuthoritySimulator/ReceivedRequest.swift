import NIOCore

/// A request as it came, and what it is for.
struct ReceivedRequest {
    let method: String
    let path: String
    let userAgent: String?
    let contentType: String?
    let body: ByteBuffer

    /// What it is for, by its path, and which one of its kind.
    var target: (endpoint: AuthorityFault.Endpoint, id: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        switch parts.count {
        case 1:
            let endpoint: AuthorityFault.Endpoint? =
                switch parts[0] {
                case "directory": .directory
                case "new-nonce": .newNonce
                case "new-account": .newAccount
                case "new-order": .newOrder
                case "revoke-certificate": .revocation
                case "key-change": .keyChange
                default: nil
                }
            return (endpoint ?? .other, "")
        case 2:
            let endpoint: AuthorityFault.Endpoint? =
                switch parts[0] {
                case "directory": .directory
                case "account": .account
                case "order": .order
                case "authorization": .authorization
                case "challenge": .challenge
                case "certificate": .certificate
                case "renewal-info": .renewalInfo
                default: nil
                }
            return (endpoint ?? .other, parts[1])
        case 3 where parts[0] == "order" && parts[2] == "finalize":
            return (.finalize, parts[1])
        default:
            return (.other, "")
        }
    }
}

/// What becomes of a request.
enum RequestOutcome {
    case answer(SimulatedAnswer)
    /// The answer, of which half is sent.
    case half(SimulatedAnswer)
    case close
    case silence
}
