/// What other programs replace by an environment variable, and what this one takes as it is written.
enum Placeholder {
    /// Whether a text has a placeholder, or is one.
    ///
    /// `$NAME` counts as a whole text only, and in capitals: a password may well have a dollar sign.
    static func isIn(_ text: String, key: some StringProtocol) -> Bool {
        guard text.utf8.contains(where: "${%<".utf8.contains) else { return false }
        return text.contains(/\$\{[A-Za-z_][^}]*\}/)  // shells, Compose, Prometheus' exporters
            || text.contains(/\{\{.*\}\}/)  // Ansible, Helm, Traefik
            || text.contains(/\{\$[A-Za-z_][^}]*\}/)  // Caddy
            || text.contains(/\{env\.[A-Za-z_][^}]*\}/)  // Caddy
            || text.wholeMatch(of: /\$[A-Z_][A-Z0-9_]+/) != nil
            || text.wholeMatch(of: /%[A-Z_][A-Z0-9_]+%/) != nil  // Windows
            // Documentation; but a user may have such a name.
            || key != "users" && text.wholeMatch(of: /<[A-Za-z][A-Za-z _-]*>/) != nil
    }

    /// What to write in place of a placeholder, by the key that has it.
    static func remedy(for key: some StringProtocol) -> String {
        switch key {
        case "secret": "the secret itself, or 'secretFile: PATH' with a file that holds it"
        case "token": "the token itself, or 'tokenFile: PATH' with a file that holds it"
        case "hash": "the hash itself, or 'tokenFile: PATH' with a file that holds the token"
        default: "the value itself"
        }
    }
}
