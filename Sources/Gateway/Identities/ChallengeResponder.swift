import ACME
import HTTPServer
import NIOCore
import NIOOpenSSL

/// Answers a certificate authority that validates that a name leads to this machine before it issues a certificate (RFC
/// 8555, 8).
///
/// All listeners ask it by the path of a request (HTTP-01), before anything else is made of that: an authority follows a redirect
/// from port 80 to 443. The TLS listeners ask by the protocol that a handshake offers (TLS-ALPN-01), see
/// ``TLSChallengeResponder``. It is asked on all event loops, and answers at once.
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
            let token = request.withBytes(of: request.target, { ChallengePath.token(in: $0) }),
            let body = answer(toToken: token, host: request.host)
        else { return nil }
        return Response(status: .ok, contentType: .bytes, body: body)
    }
}

/// The path of a validation over HTTP.
enum ChallengePath {
    /// RFC 8555, 8.3.
    static let prefix = "/.well-known/acme-challenge/"

    /// The token in the target of a request; nil for any other target, which nearly all of them are.
    static func token(in target: UnsafeRawBufferPointer) -> String? {
        guard target.starts(with: prefix.utf8) else { return nil }
        let token = String(decoding: target[prefix.utf8.count...], as: UTF8.self)
        // The token's alphabet (base64url) leaves no room for another path or a query.
        return Base64URL.isValid(token, upTo: .max) ? token : nil
    }
}
