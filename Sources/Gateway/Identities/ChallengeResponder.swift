import HTTPServer
import NIOCore
import NIOOpenSSL

/// Answers a certificate authority that validates that a name leads to this machine before it issues a certificate (RFC
/// 8555, 8).
///
/// All listeners ask it by the path of a request (HTTP-01), before anything else is made of that: an authority follows a redirect
/// from port 80 to 443. The TLS listeners ask by the protocol that a handshake offers (TLS-ALPN-01), see ``TLSChallengeResponder``. It is asked on all event loops, and answers
/// at once.
package protocol ChallengeResponder: TLSChallengeResponder {
    /// What to answer over plain HTTP; nil where no validation is awaited, and the request is dealt with as any other.
    ///
    /// - Parameters:
    ///   - token: The rest of the path after ``ChallengePath/prefix``, as it came.
    ///   - host: The name that was asked for, in lower case and without port; nil where it is none.
    func answer(toToken token: String, host: String?) -> ByteBuffer?
}

extension ChallengeResponder {
    /// The answer to one who validates a name, whether a certificate covers it by now or not; nil for anybody else.
    func response(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head,
            request.withBytes(of: request.target, { ChallengePath.begins($0) }),
            let token = ChallengePath.token(in: request.string(of: request.target)),
            let body = answer(toToken: token, host: request.host)
        else { return nil }
        return Response(status: .ok, contentType: .bytes, body: body)
    }
}

/// The path of a validation over plain HTTP.
enum ChallengePath {
    /// RFC 8555, 8.3.
    static let prefix = "/.well-known/acme-challenge/"

    /// Whether a target may be one of a validation: it is asked of each request.
    static func begins(_ target: UnsafeRawBufferPointer) -> Bool {
        target.count > prefix.utf8.count && target.starts(with: prefix.utf8)
    }

    /// The token in the target of a request; nil for any other target.
    static func token(in target: String) -> String? {
        guard target.hasPrefix(prefix) else { return nil }
        let token = target.dropFirst(prefix.count)
        // What makes the token's alphabet (base64url) leaves no room for another path or a query.
        guard !token.isEmpty, token.utf8.allSatisfy(isOfToken) else { return nil }
        return String(token)
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
