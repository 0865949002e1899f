import LibYAML
import Text

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

    /// Hysteria has none; a file of a hundred thousand users is 5 MB. What is repeated stays bounded.
    private static let limits = YAMLLimits(bytes: HysteriaConfigurationFile.longest)

    private let node: YAMLNode

    private init(_ node: YAMLNode) {
        self.node = node
    }

    /// Parses a text. An empty one is an empty mapping.
    init(text: String) throws(SyntaxError) {
        do {
            let document = try YAMLNode.document(in: JSONSurrogates.decoded(in: text).utf8, limits: Self.limits)
            node = document ?? YAMLNode(.mapping([]), mark: YAMLMark(line: 1, column: 1))
        } catch {
            throw SyntaxError(error)
        }
    }

    /// The line of the value, counted from 1.
    var line: Int {
        node.mark.line
    }

    /// The value of a key in any case; `nil` if the key is absent or its value is null.
    func value(_ key: String) throws(ValueError) -> ConfigurationNode? {
        guard case .mapping(let pairs) = node.content else {
            throw ValueError(message: "expected keys with values, found \(kind)")
        }
        var found: YAMLNode?
        for pair in pairs where pair.key.scalar?.string.lowercased() == key.lowercased() {
            guard found == nil else { throw ValueError(message: "has the key '\(key)' twice") }
            found = pair.value
        }
        guard let found, found.scalar?.isNull != true else { return nil }
        return ConfigurationNode(found)
    }

    /// The keys of a mapping, in lower case as Hysteria has them.
    var keys: [String] {
        guard case .mapping(let pairs) = node.content else { return [] }
        return pairs.compactMap { $0.key.scalar?.string.lowercased() }
    }

    /// The value as the text that Hysteria takes it for.
    func text() throws(ValueError) -> String {
        guard let scalar = node.scalar else {
            throw ValueError(message: "expected text, found \(kind)")
        }
        guard !node.isAmbiguous else {
            throw ValueError(message: "is a number or another word that YAML may change; put it in quotes")
        }
        return scalar.string
    }

    /// The value as a list of texts. One text alone is a list of one, as for Hysteria.
    func texts() throws(ValueError) -> [String] {
        guard case .sequence(let nodes) = node.content else { return [try text()] }
        var texts: [String] = []
        for element in nodes { texts.append(try ConfigurationNode(element).text()) }
        return texts
    }

    private var kind: String {
        switch node.content {
        case .scalar: "a single value"
        case .mapping: "keys with values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension YAMLNode {
    /// Whether Hysteria's YAML reader makes something else than this text of it, as of `0x10`, `1e3` or `true`.
    fileprivate var isAmbiguous: Bool {
        guard let scalar = self.scalar, scalar.style == .plain else { return false }
        if ["true", "false"].contains(scalar.string.lowercased()) { return true }
        // Digits come back as they were written; signs, leading zeros and separators do not.
        if scalar.string.utf8.allSatisfy(\.isDigit) {
            return scalar.string.utf8.count > 18 || (scalar.string.utf8.first == 0x30 && scalar.string.utf8.count > 1)
        }
        return ![.str, .bool].contains(resolvedTag)
    }
}

extension ConfigurationNode.SyntaxError {
    /// Takes the line and the problem from an error, and not the text around it: a secret may stand there.
    init(_ error: YAMLError) {
        let message =
            switch error.kind {
            case .syntax, .secondDocument, .notText: "is neither YAML nor JSON: \(error.problem)"
            case .duplicateKeys, .tooMuch: "has \(error.problem)"
            case .outOfMemory: "is neither YAML nor JSON"
            }
        self.init(line: error.mark?.line, message: message)
    }
}
