/// A user's id as Hysteria tells users apart: byte by byte.
///
/// Swift's `String` takes two ways of encoding an accent for equal; Go, and so Hysteria, does not.
struct UserName {
    /// The name.
    let text: String

    init(_ text: String) {
        self.text = text
    }
}

extension UserName: Hashable {
    static func == (left: UserName, right: UserName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in self.text.utf8 { hasher.combine(byte) }
    }
}

extension UserName: Comparable {
    static func < (left: UserName, right: UserName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
