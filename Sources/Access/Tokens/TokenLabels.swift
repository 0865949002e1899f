/// The names of tokens as figures have them: few, and the same for a token as long as the process runs.
///
/// A token keeps its number at a reload, so that its counters stay its own.
package struct TokenLabels: Sendable {
    /// The number of a request without a valid token.
    package static let none = 0
    /// How many numbers there are. The last one is for all tokens that come when the others are taken.
    package static let count = 66

    private(set) var names: [String] = [""]

    package init() {}

    /// The number of the token with this name, the same whenever it is asked for.
    package mutating func number(of name: String) -> Int {
        if let number = names.firstIndex(of: name) { return number }
        guard names.count < Self.count - 1 else { return Self.count - 1 }
        names.append(name)
        return names.count - 1
    }

    /// The name for a number.
    package func name(of number: Int) -> String {
        number < names.count ? names[number] : "(others)"
    }
}
