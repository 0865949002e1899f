import OpenSSLCrypto
import Text

/// A token that was just made: its text, which is shown once, and what the configuration keeps of it.
package struct NewToken: Sendable {
    /// What every token that the gateway makes begins with, so that secret scanners know it.
    package static let prefix = "hg_"

    /// The number of random bytes in a token.
    private static let randomBytes = 32

    /// The text of the token: `hg_` and 43 characters of base64url.
    package let text: String
    /// What the configuration keeps.
    package let digest: TokenDigest

    /// Makes a token of 256 random bits.
    package init() {
        self.init(random: SecretBytes.random(NewToken.randomBytes))
    }

    /// Makes the token of these bytes.
    package init(random: [UInt8]) {
        text = NewToken.prefix + Base64.encodeForURL(random)
        digest = TokenHasher().digest(of: text)
    }
}

extension NewToken: CustomStringConvertible, CustomReflectable {
    /// The digest: the text of a token never shows itself by accident.
    package var description: String { digest.text }

    /// The digest alone, so that `dump` shows no more.
    package var customMirror: Mirror { Mirror(self, children: ["digest": digest.text]) }
}
