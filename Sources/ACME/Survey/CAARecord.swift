/// A record by which the owner of a domain says who may issue certificates for it (RFC 8659, 4.1).
struct CAARecord: Hashable, Sendable {
    /// Whoever does not know the tag must not issue.
    let isCritical: Bool
    /// In lower case.
    let tag: String
    let value: [UInt8]

    /// Reads its data.
    init?(_ data: [UInt8]) {
        guard data.count >= 2 else { return nil }
        let tagEnd = 2 + Int(data[1])
        guard tagEnd > 2, tagEnd <= data.count else { return nil }
        let name = data[2..<tagEnd]
        guard name.allSatisfy({ $0 < 0x80 && Character(Unicode.Scalar($0)).isLetterOrDigit }) else { return nil }
        isCritical = data[0] & 0x80 != 0
        tag = String(decoding: name, as: UTF8.self).lowercased()
        value = Array(data[tagEnd...])
    }
}

extension CAARecord: CustomStringConvertible {
    /// As zone files write it.
    var description: String {
        let value = DNSText.escaped(value, quoting: [UInt8(ascii: "\""), UInt8(ascii: "\\")])
        return "CAA \(isCritical ? 128 : 0) \(tag) \"\(value)\"".asLine
    }
}

/// Whom `issue` and `issuewild` name, and on which conditions (RFC 8659, 4.2).
struct CAAIssuer: Hashable, Sendable {
    /// In lower case; nil for nobody.
    let domain: String?
    /// With tags in lower case.
    let parameters: [Parameter]

    struct Parameter: Hashable, Sendable {
        let tag: String
        let value: String
    }

    /// Reads the value. One that breaks the grammar names nobody.
    init(_ value: [UInt8]) {
        let parts = value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map { String(decoding: $0.trimmedOfBlanks, as: UTF8.self) }
        let domain = (parts.first ?? "").lowercased()
        var rest = Array(parts.dropFirst())
        // A semicolon alone begins no parameters.
        if rest == [""] { rest = [] }
        let parameters = rest.compactMap { Parameter($0) }
        let isRight =
            parameters.count == rest.count
            && domain.split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy(\.isLabel)
        self.domain = isRight ? domain : nil
        self.parameters = isRight ? parameters : []
    }

    /// The values of the parameters with a tag.
    func values(of tag: String) -> [String] { parameters.filter { $0.tag == tag }.map(\.value) }
}

extension CAAIssuer.Parameter {
    fileprivate init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let tag = Array(text[..<equals].utf8).trimmedOfBlanks
        let value = Array(text[text.index(after: equals)...].utf8).trimmedOfBlanks
        self.tag = String(decoding: tag, as: UTF8.self).lowercased()
        self.value = String(decoding: value, as: UTF8.self)
        guard self.tag[...].isLabel, value.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    }
}

extension Substring {
    /// Letters and digits, with hyphens between them.
    fileprivate var isLabel: Bool {
        !isEmpty && first != "-" && last != "-" && allSatisfy { $0 == "-" || $0.isLetterOrDigit }
    }
}

extension Character {
    fileprivate var isLetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}

extension RandomAccessCollection where Element == UInt8 {
    fileprivate var trimmedOfBlanks: SubSequence {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let start = firstIndex { !isBlank($0) } ?? endIndex
        var end = endIndex
        while end > start, isBlank(self[index(before: end)]) { end = index(before: end) }
        return self[start..<end]
    }
}
