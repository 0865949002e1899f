import Yams

/// One value of a YAML or JSON document, with what Hysteria would make of it.
struct ConfigurationNode {
    /// Why a text is no document.
    struct SyntaxError: Error {
        let line: Int?
        let message: String
    }

    /// Why a value is not what it should be.
    struct ValueError: Error {
        let message: String
    }

    private let node: Node

    private init(_ node: Node) {
        self.node = node
    }

    /// Parses a text. An empty one is an empty mapping.
    init(text: String) throws(SyntaxError) {
        do {
            self.node = try Yams.compose(yaml: JSONSurrogates.decoded(in: text)) ?? Node([(Node, Node)]())
        } catch let error as YamlError {
            throw SyntaxError(error)
        } catch {
            throw SyntaxError(line: nil, message: "is neither YAML nor JSON")
        }
    }

    /// The line of the value, counted from 1.
    var line: Int? {
        self.node.mark?.line
    }

    /// The value of a key in any case; `nil` if the key is absent or its value is null.
    func value(_ key: String) throws(ValueError) -> ConfigurationNode? {
        guard case .mapping(let mapping) = self.node else {
            throw ValueError(message: "expected keys with values, found \(self.kind)")
        }
        var found: Node?
        for (name, value) in mapping where name.scalar?.string.lowercased() == key.lowercased() {
            guard found == nil else { throw ValueError(message: "has the key '\(key)' twice") }
            found = value
        }
        guard let found, found.scalar?.isNull != true else { return nil }
        return ConfigurationNode(found)
    }

    /// The value as the text that Hysteria takes it for.
    func text() throws(ValueError) -> String {
        guard case .scalar(let scalar) = self.node else {
            throw ValueError(message: "expected text, found \(self.kind)")
        }
        guard !scalar.isAmbiguous else {
            throw ValueError(message: "is a number or another word that YAML may change; put it in quotes")
        }
        return scalar.string
    }

    /// The value as a list of texts. One text alone is a list of one, as for Hysteria.
    func texts() throws(ValueError) -> [String] {
        guard case .sequence(let sequence) = self.node else { return [try self.text()] }
        var texts: [String] = []
        for element in sequence { texts.append(try ConfigurationNode(element).text()) }
        return texts
    }

    private var kind: String {
        switch self.node {
        case .scalar: "a single value"
        case .mapping: "keys with values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension Node.Scalar {
    /// Whether the value is written as nothing, `~` or `null`.
    fileprivate var isNull: Bool {
        self.style == .plain && ["", "~", "null", "Null", "NULL"].contains(self.string)
    }

    /// Whether Hysteria's YAML reader makes something else than this text of it, as of `0x10`, `1e3` or `true`.
    fileprivate var isAmbiguous: Bool {
        guard self.style == .plain else { return false }
        if ["true", "false"].contains(self.string.lowercased()) { return true }
        // Digits come back as they were written; signs, leading zeros and separators do not.
        if self.string.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            return self.string.utf8.count > 18 || (self.string.utf8.first == 0x30 && self.string.utf8.count > 1)
        }
        return ![.str, .bool].contains(Resolver.default.resolveTag(of: Node.scalar(self)))
    }
}

extension ConfigurationNode.SyntaxError {
    /// Takes the line and the problem from an error, and not the text around it: a secret may stand there.
    init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, message: "is neither YAML nor JSON: \(problem)")
        case .reader(let problem, _, _, _):
            self.init(line: nil, message: "is neither YAML nor JSON: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
            self.init(line: context.mark.line, message: "has a key twice: \(names)")
        default:
            self.init(line: nil, message: "is neither YAML nor JSON")
        }
    }
}
