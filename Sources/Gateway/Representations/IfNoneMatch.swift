import Text

/// Which contents a caller has already: an answer with one of them need not be sent again (RFC 9110, section 13.1.2).
struct IfNoneMatch: Sendable {
    private var value: [UInt8] = []

    /// Takes one `If-None-Match` field in; several fields make one list.
    mutating func add(_ field: UnsafeRawBufferPointer) {
        if !value.isEmpty { value.append(UInt8(ascii: ",")) }
        value += field
    }

    /// The coding in which the caller has the content with this tag; nil if it does not have it, or if the field cannot be
    /// read, so that it gets it.
    ///
    /// - Parameter codings: those that it takes, the best one first.
    func coding(of tag: EntityTag, among codings: [ContentCoding]) -> ContentCoding? {
        value.withUnsafeBytes { value in
            if value.trimmed.equals("*") { return codings.first }
            var held: [ContentCoding] = []
            let isList = EntityTagList.forEach(in: value) { if let coding = tag.coding(of: $0) { held.append(coding) } }
            return isList ? codings.first(where: held.contains) : nil
        }
    }
}
