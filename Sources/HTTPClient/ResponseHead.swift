import Text

/// What a client must know of a response's head; the rest is checked and forgotten.
package struct ResponseHead: Sendable, Hashable {
    /// What is wrong with a head.
    struct MalformedError: Error {
        let reason: String
    }

    /// A header line that the client asked to keep.
    package struct Field: Sendable, Hashable {
        /// The name, in lower case.
        package let name: String
        /// The value, without white space at either end. Bytes that are not UTF-8 are repaired.
        package let value: String
    }

    package private(set) var status = 0
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// Whether the type of the body is `application/json`.
    package private(set) var isJSON = false
    /// The header lines that the client asked to keep, in the order in which they came.
    package private(set) var fields: [Field] = []

    private var isVersion10 = false
    private var asksToClose = false
    private var asksToKeepAlive = false

    /// Whether the connection can carry another request after this response.
    var keepsAlive: Bool {
        !asksToClose && (!isVersion10 || asksToKeepAlive)
    }

    /// Whether a response with this status never has a body, whatever its head says (RFC 9112, section 6.3).
    var hasNoBody: Bool {
        status == 204 || status == 304
    }

    /// The value of the first header line with a name, which is in lower case and one of those to keep.
    package func value(of name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// A head of which nothing was read yet.
    init() {}

    /// Reads a status line, without its line end.
    init(statusLine line: UnsafeRawBufferPointer) throws(MalformedError) {
        guard line.count >= 12, line.beginsIgnoringCase("http/1."), line[8] == 0x20,
            line[7] == UInt8(ascii: "0") || line[7] == UInt8(ascii: "1"),
            let status = UnsafeRawBufferPointer(rebasing: line[9..<12]).decimal, status >= 100,
            line.count == 12 || line[12] == 0x20
        else {
            throw MalformedError(reason: "it does not begin with an HTTP/1 status line")
        }
        self.status = status
        isVersion10 = line[7] == UInt8(ascii: "0")
    }

    /// Reads one header line, without its line end. It is kept if its name is one of those, which are in lower case.
    mutating func read(
        header line: UnsafeRawBufferPointer,
        keeping keptNames: [StaticString]
    ) throws(MalformedError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            throw MalformedError(reason: "a header line has no name")
        }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        for byte in name where byte <= 0x20 || byte >= 0x7f {
            throw MalformedError(reason: "a header name contains a blank or a byte that is not ASCII")
        }
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmed
        switch name.count {
        case 10 where name.equalsIgnoringCase("connection"): self.read(connection: value)
        case 12 where name.equalsIgnoringCase("content-type"): isJSON = Self.isJSON(value)
        case 14 where name.equalsIgnoringCase("content-length"): try self.read(contentLength: value)
        case 17 where name.equalsIgnoringCase("transfer-encoding"): try self.read(transferEncoding: value)
        default: break
        }
        for kept in keptNames where name.equalsIgnoringCase(kept) {
            fields.append(Field(name: kept.description, value: String(decoding: value, as: UTF8.self)))
        }
    }

    private mutating func read(contentLength value: UnsafeRawBufferPointer) throws(MalformedError) {
        guard self.contentLength == nil else { throw MalformedError(reason: "it has more than one Content-Length") }
        guard !isChunked else { throw MalformedError(reason: "it has both a length and a transfer coding") }
        guard let length = value.decimal else { throw MalformedError(reason: "its Content-Length is not a length") }
        self.contentLength = length
    }

    private mutating func read(transferEncoding value: UnsafeRawBufferPointer) throws(MalformedError) {
        guard contentLength == nil else {
            throw MalformedError(reason: "it has both a length and a transfer coding")
        }
        guard !isChunked, !isVersion10, value.equalsIgnoringCase("chunked") else {
            throw MalformedError(reason: "its transfer coding is not chunked alone")
        }
        isChunked = true
    }

    private mutating func read(connection value: UnsafeRawBufferPointer) {
        var rest = value[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
            let option = UnsafeRawBufferPointer(rebasing: rest[..<end]).trimmed
            rest = rest[end...].dropFirst()
            if option.equalsIgnoringCase("close") {
                asksToClose = true
            } else if option.equalsIgnoringCase("keep-alive") {
                asksToKeepAlive = true
            }
        }
    }

    private static func isJSON(_ value: UnsafeRawBufferPointer) -> Bool {
        let type: StaticString = "application/json"
        guard value.beginsIgnoringCase(type) else { return false }
        guard value.count > type.utf8CodeUnitCount else { return true }
        let next = value[type.utf8CodeUnitCount]
        return next == UInt8(ascii: ";") || next.isSpaceOrTab
    }
}
