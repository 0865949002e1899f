import Foundation

/// A JSON value, to be walked through without a type for each part; what is not there is empty.
struct JSONTree {
    private let value: Any?

    init(_ value: Any?) {
        self.value = value
    }

    subscript(name: String) -> JSONTree { JSONTree((value as? [String: Any])?[name]) }

    var members: [String: JSONTree] { (value as? [String: Any])?.mapValues { JSONTree($0) } ?? [:] }
    var elements: [JSONTree] { (value as? [Any])?.map { JSONTree($0) } ?? [] }
    var text: String? { value as? String }
    var number: Int? { value as? Int }
    var isTrue: Bool { value as? Bool ?? false }
    var texts: [String] { elements.compactMap(\.text) }

    /// All references in it, as they are written.
    var references: [String] {
        [self["$ref"].text].compactMap { $0 } + (members.values + elements).flatMap(\.references)
    }

    /// What a value refers to; the value itself where it does not.
    func resolve(_ reference: JSONTree) -> JSONTree {
        guard let path = reference["$ref"].text else { return reference }
        return path.split(separator: "/").dropFirst().reduce(self) { $0[String($1)] }
    }
}
