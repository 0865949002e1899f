/// The users of a view that a request is about.
package enum ViewUsers: Hashable, Sendable {
    case all
    /// The names' bytes.
    case only([[UInt8]])
}

/// Which view a request is about, and which users of it.
package struct ViewRequest: Hashable, Sendable {
    package var name: String
    package var users: ViewUsers

    package init(_ name: String, users: ViewUsers = .all) {
        self.name = name
        self.users = users
    }
}
