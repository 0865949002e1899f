import HysteriaStats

/// Compares the `users` of tokens with those of Hysteria's own file: a token for a user who is called otherwise sees
/// nothing, without a word.
struct HysteriaUsersReader {
    private let top: YAMLMapping
    private let users: HysteriaUsers?
    private let path: String

    init(_ top: YAMLMapping, _ hysteria: HysteriaReader.Outcome) {
        self.top = top
        if case .found(let source) = hysteria {
            users = source.file.users
            path = source.path
        } else {
            users = nil
            path = ""
        }
    }

    func warn() {
        guard let users, let tokens = top["tokens"] else { return }
        for token in tokens.children {
            let entries = token.isMapping ? token.entries : []
            for case ("users", let list) in entries {
                for value in list.children { compare(value, users) }
            }
        }
    }

    private func compare(_ value: YAMLValue, _ users: HysteriaUsers) {
        guard let name = value.node.scalar?.string, !users.has(name) else { return }
        switch users {
        case .password:
            value.warn(
                "Hysteria has one user, '\(HysteriaUsers.passwordUser)', as \(path) has auth.type: password; "
                    + "\(Excerpt.quote(name)) sees nothing",
                advice: "write \(HysteriaUsers.passwordUser), or leave 'users' out"
            )
        case .userpass(let names) where names.contains(name.lowercased()):
            value.warn(
                "Hysteria makes the names of auth.userpass lower-case; \(Excerpt.quote(name)) sees nothing",
                advice: "write \(Excerpt.quote(name.lowercased()))"
            )
        case .userpass(let names):
            let nearest = NearestWord.find(name.lowercased(), among: names.sorted())
            value.warn(
                "\(path) has no user \(Excerpt.quote(name)) in auth.userpass, so that it sees nothing",
                advice: nearest.map { "did you mean \(Excerpt.quote($0))?" }
            )
        }
    }
}
