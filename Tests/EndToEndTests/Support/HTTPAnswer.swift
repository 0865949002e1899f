/// An answer of HTTP/1.1, or of HTTP/2 as curl writes it, taken apart.
struct HTTPAnswer: Sendable {
    /// The number in the status line.
    let status: Int
    /// The fields in their order, names in lower case.
    let fields: [(name: String, value: String)]
    /// The content.
    let body: [UInt8]

    /// The content as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a field that is there once.
    subscript(name: String) -> String? {
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }

    /// The values of a field, however often it is there.
    func values(of name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Takes the first whole answer from `bytes`; nil if it is not whole yet.
    ///
    /// - Parameters:
    ///   - isToHead: Whether HEAD was asked: there is no content then, whatever its length is said to be.
    ///   - isWhole: Whether the content ends where the bytes do.
    init?(takenFrom bytes: inout ArraySlice<UInt8>, isToHead: Bool = false, isWhole: Bool = false) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let line = lines.first, let version = ["HTTP/1.1 ", "HTTP/2 "].first(where: line.hasPrefix),
            let status = Int(line.dropFirst(version.count).prefix(3))
        else { return nil }
        let fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (line[..<colon].lowercased(), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        let length = fields.first { $0.0 == "content-length" }.flatMap { Int($0.1) } ?? 0
        var rest = bytes[end.upperBound...]
        let count = isToHead || status < 200 ? 0 : isWhole ? rest.count : length
        guard rest.count >= count else { return nil }
        self.status = status
        self.fields = fields
        body = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        bytes = rest
    }
}

/// An answer as JSON that says what went wrong.
extension HTTPAnswer {
    /// What follows the common prefix in the `type` of a problem; nil if the answer is none.
    var problem: String? {
        guard self["content-type"] == "application/problem+json" else { return nil }
        return text.firstMatch(of: /"type":"urn:problem-type:hysteria-gateway:([a-z-]+)"/).map { String($0.1) }
    }
}
