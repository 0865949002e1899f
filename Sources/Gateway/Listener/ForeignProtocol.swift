import NIOCore

/// The protocol of a caller that does not use TLS on a TLS listener, by its first bytes.
enum ForeignProtocol {
    /// HTTP/1.x, or HTTP/2 without TLS.
    case http
    /// The header with which load balancers announce the original caller.
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
        case .http: "plain HTTP was received where TLS is expected, and answered with 400: the caller must use https://"
        case .proxy:
            "a PROXY protocol header was received where TLS is expected: disable it in the load balancer, it is not supported"
        case .ssh: "SSH was received where TLS is expected"
        case .unknown: "something that is not TLS was received where TLS is expected"
        }
    }
}
