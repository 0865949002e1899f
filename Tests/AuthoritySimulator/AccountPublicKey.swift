import COpenSSL
import JSON
import Text

/// The key of an account, as its holder sends it (RFC 7517), and what is verified with it.
struct AccountPublicKey: Sendable, Hashable {
    /// SubjectPublicKeyInfo.
    let der: [UInt8]
    /// RFC 7638, in base64url.
    let thumbprint: String
    /// RFC 7518, 3.1.
    let algorithm: String

    init(_ json: JSONValue?) throws(SimulatedProblem) {
        func number(_ key: String) throws(SimulatedProblem) -> [UInt8] {
            guard let text = json?[key]?.string, let bytes = Base64URLText.decode(text), !bytes.isEmpty else {
                throw Self.bad("jwk has no '\(key)'")
            }
            return bytes
        }
        guard json?["d"] == nil else { throw Self.bad("jwk has the private key") }
        let canonical: String
        switch json?["kty"]?.string {
        case "EC":
            guard json?["crv"]?.string == "P-256" else { throw Self.bad("the curve is not P-256") }
            let (x, y) = (try number("x"), try number("y"))
            // RFC 7518, 6.2.1.2: as long as the field, whatever the number is.
            guard x.count == 32, y.count == 32 else { throw Self.bad("a coordinate has not 32 bytes") }
            der = DERBytes.sequence(DERBytes.p256, DERBytes.bits([4] + x + y))
            algorithm = "ES256"
            canonical =
                #"{"crv":"P-256","kty":"EC","x":"\#(Base64.encodeForURL(x))","y":"\#(Base64.encodeForURL(y))"}"#
        case "RSA":
            let (n, e) = (try number("n"), try number("e"))
            guard n.count >= 256, n.count <= 512, n[0] != 0 else {
                throw Self.bad("the RSA key has not 2048 to 4096 bits")
            }
            der = DERBytes.sequence(
                DERBytes.rsa,
                DERBytes.bits(DERBytes.sequence(DERBytes.integer(n), DERBytes.integer(e)))
            )
            algorithm = "RS256"
            canonical = #"{"e":"\#(Base64.encodeForURL(e))","kty":"RSA","n":"\#(Base64.encodeForURL(n))"}"#
        default:
            throw Self.bad("the key is neither EC nor RSA")
        }
        thumbprint = Base64.encodeForURL(Digest.sha256(Array(canonical.utf8)))
        guard let key = parsed() else { throw Self.bad("the key is not a point of the curve, or no key") }
        EVP_PKEY_free(key)
    }

    private static func bad(_ detail: String) -> SimulatedProblem { SimulatedProblem("badPublicKey", detail) }

    private func parsed() -> OpaquePointer? {
        der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            defer { ERR_clear_error() }
            return d2i_PUBKEY(nil, &start, bytes.count)
        }
    }

    /// Whether the signature over `message` is of this key (RFC 7518, 3.3 and 3.4).
    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        var signature = signature
        if algorithm == "ES256" {
            // r and s, each with 32 bytes; OpenSSL wants them in DER.
            guard signature.count == 64 else { return false }
            signature = DERBytes.sequence(
                DERBytes.integer(Array(signature[..<32])),
                DERBytes.integer(Array(signature[32...]))
            )
        }
        guard let key = parsed() else { return false }
        let context = EVP_MD_CTX_new()
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

/// SHA-256 and HMAC of whole byte strings.
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count = 0
        precondition(EVP_Q_digest(nil, "SHA256", nil, bytes, bytes.count, &digest, &count) == 1)
        return digest
    }

    static func hmac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count = 0
        let made = EVP_Q_mac(
            nil,
            "HMAC",
            nil,
            "SHA256",
            nil,
            key,
            key.count,
            bytes,
            bytes.count,
            &code,
            code.count,
            &count
        )
        precondition(made != nil && count == 32)
        return code
    }
}
