import ACME

/// Reads which authorities are asked for certificates.
struct AuthorityReader {
    /// An authority that is known by a short name.
    private struct Known {
        let settings: AuthoritySettings
        let needsAccount: Bool

        init(_ settings: AuthoritySettings, needsAccount: Bool = false) {
            self.settings = settings
            self.needsAccount = needsAccount
        }
    }

    private static let known = [
        Known(.letsEncrypt),
        Known(.letsEncryptStaging),
        Known(AuthoritySettings(directory: "https://acme.zerossl.com/v2/DV90", name: "zerossl"), needsAccount: true),
        Known(
            AuthoritySettings(directory: "https://dv.acme-v02.api.pki.goog/directory", name: "google"),
            needsAccount: true
        ),
    ]

    /// Who is asked where the configuration names nobody.
    static let usual = AuthoritySettings.letsEncrypt

    private static let expected =
        "letsencrypt, letsencrypt-staging, zerossl, google, or the https:// URL of a directory"

    private let files: ReferencedFiles

    init(_ files: ReferencedFiles) {
        self.files = files
    }

    /// Whether browsers trust it, so that it issues for the public DNS alone.
    static func isPublic(_ authority: AuthoritySettings) -> Bool {
        known.contains { $0.settings.directory == authority.directory }
    }

    /// One authority, or several that are asked in this order.
    func list(_ value: YAMLValue) -> [AuthoritySettings]? {
        guard value.isList else { return authority(value).map { [$0] } }
        guard let values = value.list(of: "authorities") else { return nil }
        var authorities: [AuthoritySettings] = []
        for value in values {
            guard let authority = authority(value) else { continue }
            if authorities.contains(where: { $0.directory == authority.directory }) {
                value.fail("\(authority.name) is given more than once", expected: "each authority once")
            } else {
                authorities.append(authority)
            }
        }
        return authorities.count == values.count ? authorities : nil
    }

    private func authority(_ value: YAMLValue) -> AuthoritySettings? {
        guard value.isMapping else { return named(value).flatMap { checked($0, value) } }
        guard let keys = value.mapping(keys: ["url", "trust", "externalAccount"]),
            let url = keys.required("url", expected: Self.expected), var authority = named(url)
        else { return nil }
        if let trust = keys["trust"] {
            guard let path = files.path(trust, expected: "the path of a PEM file with the authority of its own server"),
                files.checkReadable(path, for: trust)
            else { return nil }
            authority.trust = path
        }
        if let account = keys["externalAccount"] {
            guard let account = externalAccount(account) else { return nil }
            authority.externalAccount = account
        }
        return checked(authority, value)
    }

    private func named(_ value: YAMLValue) -> AuthoritySettings? {
        guard let text = value.text(expected: Self.expected) else { return nil }
        if let known = Self.known.first(where: { [$0.settings.name, $0.settings.directory].contains(text) }) {
            return known.settings
        }
        guard text.contains("://") else {
            value.fail(
                "\(Excerpt.quote(text)) is no authority that is known here",
                expected: Self.expected,
                nearest: NearestWord.find(text, among: Self.known.map(\.settings.name))
            )
            return nil
        }
        guard AuthorityURL.isUsable(text) else {
            value.fail("found \(Excerpt.quote(text))", expected: "the URL of a directory that begins with https://")
            return nil
        }
        let host = text.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" }
        return AuthoritySettings(directory: text, name: String(host))
    }

    private func checked(_ authority: AuthoritySettings, _ value: YAMLValue) -> AuthoritySettings? {
        guard authority.externalAccount == nil,
            Self.known.contains(where: { $0.settings.directory == authority.directory && $0.needsAccount })
        else { return authority }
        value.fail(
            "\(authority.name) gives certificates to those who have an account with it",
            expected: "{url: \(authority.name), externalAccount: {id: …, keyFile: …}}, which its site has for you"
        )
        return nil
    }

    private func externalAccount(_ value: YAMLValue) -> ExternalAccountSettings? {
        guard let keys = value.mapping(keys: ["id", "keyFile"]),
            let id = keys.required("id", expected: "the key identifier of the account")?
                .text(expected: "the key identifier of the account"),
            let file = keys.required("keyFile", expected: "the path of a file with the key of the account"),
            let text = files.credential(file, of: "key of an account")
        else { return nil }
        guard !id.isEmpty, id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            value.fail("the id has other characters than visible ASCII", expected: "the key identifier of the account")
            return nil
        }
        guard let key = Base64URL.decodeKey(String(decoding: text, as: UTF8.self)), key.count >= 16 else {
            file.fail(
                "the file does not hold a key in base64url",
                expected: "the HMAC key as the authority's site shows it, alone"
            )
            return nil
        }
        return ExternalAccountSettings(id: id, key: key)
    }
}
