import NIOCore

/// What somebody speaks to a TLS listener in place of TLS, by the first bytes.
enum ForeignProtocol {
    /// HTTP/1.x, or HTTP/2 without TLS.
    case http
    /// The header in which load balancers tell whom they forward.
    case proxy
    case ssh
    /// Anything else.
    case unknown

    private static let schemesOrPaths = ["/", "*", "http:", "https:"]

    init(_ bytes: ByteBuffer) {
        let text = String(decoding: bytes.readableBytesView.prefix(64), as: UTF8.self)
        let method = text.prefix { $0.isASCII && $0.isUppercase }
        let rest = text.dropFirst(method.count)
        if text.hasPrefix("PROXY ") || text.hasPrefix("\r\n\r\n\0\r\nQUIT\n") {
            self = .proxy
        } else if text.hasPrefix("SSH-") {
            self = .ssh
        } else if !method.isEmpty, rest.first == " ",
            method == "CONNECT" || Self.schemesOrPaths.contains(where: { rest.dropFirst().hasPrefix($0) })
        {
            self = .http
        } else {
            self = .unknown
        }
    }

    /// What it is, for the log.
    var words: String {
        switch self {
        case .http: "plain HTTP came where TLS is expected, and was answered with 400: its caller has to write https://"
        case .proxy:
            "a PROXY protocol header came where TLS is expected: switch it off in the load balancer, it is not understood"
        case .ssh: "SSH came where TLS is expected"
        case .unknown: "something that is not TLS came where TLS is expected"
        }
    }
}
