import JSON

// A proof as a file. certmagic, which is within Hysteria and Caddy, writes the same members, and others beside them.
extension Proof {
    /// Reads a proof; nil for one that nobody should show: whoever can write to the folder must not make a listener say anything but
    /// a key authorization.
    package init?(json: JSONValue) {
        guard let kind = json["type"]?.string.flatMap(ProofKind.init),
            let type = json["identifier"]?["type"]?.string, let value = json["identifier"]?["value"]?.string,
            let identifier = Identifier(type: type, value: value), !identifier.isWildcard,
            let token = json["token"]?.string, Base64URL.isValid(token, upTo: Self.tokenLimit),
            let authorization = json["keyAuthorization"]?.string, authorization.hasPrefix("\(token)."),
            Base64URL.isValid(String(authorization.dropFirst(token.utf8.count + 1)), upTo: Self.thumbprintLimit)
        else { return nil }
        self.init(identifier: identifier, kind: kind, token: token, keyAuthorization: authorization)
    }

    package var json: JSONValue {
        [
            "type": .string(kind.rawValue), "token": .string(token), "keyAuthorization": .string(keyAuthorization),
            "identifier": ["type": .string(identifier.type), "value": .string(identifier.value)],
        ]
    }

    /// Authorities have 43 letters in a token.
    private static let tokenLimit = 256
    /// A SHA-256 has 43 letters.
    private static let thumbprintLimit = 128
}
