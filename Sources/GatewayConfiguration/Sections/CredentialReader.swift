import Access

/// Reads the one of `hash`, `token` and `tokenFile` that a token has, and keeps nothing of it but the digest.
package struct CredentialReader {
    private static let keys = ["hash", "token", "tokenFile"]

    private let mapping: YAMLMapping
    private let files: ReferencedFiles

    init(_ mapping: YAMLMapping, _ files: ReferencedFiles) {
        self.mapping = mapping
        self.files = files
    }

    /// The digest of the token; nil, and problems noted, where there is none.
    package func read() -> TokenDigest? {
        let given = CredentialReader.keys.filter { mapping[$0] != nil }
        guard given.count <= 1 else {
            mapping.value.fail(
                "found \(given.joined(separator: " and "))",
                expected: "one of hash, token and tokenFile"
            )
            return nil
        }
        if let value = mapping["hash"] { return hash(value) }
        if let value = mapping["token"] { return token(value) }
        if let value = mapping["tokenFile"] {
            guard let bytes = files.credential(value, of: "token") else { return nil }
            return digest(of: bytes, value, hashKey: "the token itself in that file, or 'hash:' here")
        }
        mapping.value.fail(
            "found neither hash nor token nor tokenFile",
            expected: "one of them",
            advice: "'hysteria-gateway token NAME' makes a token and prints its hash"
        )
        return nil
    }

    private func hash(_ value: YAMLValue) -> TokenDigest? {
        let expected = "sha256: and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them"
        guard let text = value.text(expected: expected) else { return nil }
        guard let digest = TokenDigest(text: text) else {
            HashMistake(text).report(value, expected: expected)
            return nil
        }
        return digest
    }

    private func token(_ value: YAMLValue) -> TokenDigest? {
        guard let text = value.text(expected: CredentialReader.expected),
            let digest = digest(of: Array(text.utf8), value, hashKey: "'hash:' in place of 'token:'")
        else { return nil }
        // Not the hash of this one: it would allow a dictionary attack by readers of the log.
        value.warn(
            "the token stands here in plain text",
            advice: "write its hash instead: 'hysteria-gateway token NAME' makes a token and prints the line"
        )
        files.warnIfConfigurationIsOpen(holding: "token", value)
        return digest
    }

    private static let expected =
        "a token of \(Authenticator.shortestToken) to \(Authenticator.longestToken) visible ASCII characters"

    private func digest(of token: [UInt8], _ value: YAMLValue, hashKey: String) -> TokenDigest? {
        // The hash itself would become the token, and every reader of the file could use it.
        guard !token.starts(with: TokenDigest.prefix.utf8) else {
            value.fail("found the hash of a token where the token belongs", expected: hashKey)
            return nil
        }
        guard !token.starts(with: "Bearer ".utf8) else {
            value.fail("found a token with 'Bearer' before it", expected: "the token alone")
            return nil
        }
        guard token.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            value.fail(
                "found a token with spaces, line breaks or other characters that are not visible ASCII",
                expected: CredentialReader.expected
            )
            return nil
        }
        guard (Authenticator.shortestToken...Authenticator.longestToken).contains(token.count) else {
            value.fail("found a token of \(token.count) characters", expected: CredentialReader.expected)
            return nil
        }
        return token.withUnsafeBytes { TokenHasher().digest(of: $0) }
    }
}
