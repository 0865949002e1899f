/// `1 user`, `2 users`.
struct UserCount: CustomStringConvertible {
    let count: Int

    init(_ count: Int) {
        self.count = count
    }

    var description: String { count == 1 ? "1 user" : "\(count) users" }
}
