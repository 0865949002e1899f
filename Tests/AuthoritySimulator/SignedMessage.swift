import JSON
import NIOCore
import Text

/// The signed body of a request: a flattened JWS (RFC 8555, 6.2), taken apart and not verified yet.
struct SignedMessage {
    /// The protected header.
    let header: JSONValue
    let payload: [UInt8]
    private let signature: [UInt8]
    private let signed: [UInt8]

    init(_ json: JSONValue?) throws(SimulatedProblem) {
        guard let members = json?.object, Set(members.keys) == ["protected", "payload", "signature"] else {
            throw .malformed("the body is not a flattened JWS of 'protected', 'payload' and 'signature'")
        }
        guard let protected = members["protected"]?.string, let payload = members["payload"]?.string,
            let headerBytes = Base64URLText.decode(protected), let payloadBytes = Base64URLText.decode(payload),
            let signature = members["signature"]?.string.flatMap(Base64URLText.decode),
            let header = try? JSONValue(parsing: ByteBuffer(bytes: headerBytes))
        else { throw .malformed("a part of the JWS is not base64url, or the header not JSON") }
        self.header = header
        self.payload = payloadBytes
        self.signature = signature
        signed = Array("\(protected).\(payload)".utf8)
    }

    /// The payload of a request that is not a reading (POST-as-GET).
    var document: JSONValue {
        get throws(SimulatedProblem) {
            guard let value = try? JSONValue(parsing: ByteBuffer(bytes: payload)), value.object != nil else {
                throw .malformed("the payload is not a JSON object")
            }
            return value
        }
    }

    func verify(by key: AccountPublicKey) throws(SimulatedProblem) {
        guard header["alg"]?.string == key.algorithm else {
            throw SimulatedProblem("badSignatureAlgorithm", "'alg' is not \(key.algorithm), which the key is for")
        }
        guard key.verifies(signature, of: signed) else { throw .malformed("the signature is not of this key") }
    }

    /// Whether this binds a key to an account elsewhere (RFC 8555, 7.3.4).
    func verifyBinding(of key: JSONValue?, url: String, keys: [String: [UInt8]]) throws(SimulatedProblem) {
        guard header["alg"]?.string == "HS256", header["nonce"] == nil, header["url"]?.string == url,
            let id = header["kid"]?.string
        else { throw .malformed("the external account binding has not the header that it must have") }
        guard let key, try document == key else {
            throw .malformed("the external account binding is not of the account's key")
        }
        guard let secret = keys[id] else { throw .unauthorized("nobody has the external account '\(id)'") }
        guard Digest.hmac(signed, key: secret) == signature else {
            throw .unauthorized("the external account binding is not signed with the key of '\(id)'")
        }
    }
}
