/// The users that Hysteria's own file names, by the ids that its stats API has for them.
package enum HysteriaUsers: Sendable, Hashable {
    /// `auth.type: password`: every client with the password is this user.
    case password
    /// `auth.type: userpass`: these, with their names in lower case.
    case userpass(Set<String>)

    /// The one id of `auth.type: password`.
    package static let passwordUser = "user"

    /// Whether the stats API can have figures of a user of this name.
    package func has(_ name: String) -> Bool {
        switch self {
        case .password: name == Self.passwordUser
        case .userpass(let names): names.contains(name)
        }
    }
}
