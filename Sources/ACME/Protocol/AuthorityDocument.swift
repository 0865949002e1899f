import JSON
import NIOCore

/// What an authority sent that is not what it has to be.
package struct DocumentError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension AuthorityResponse {
    /// The body as JSON.
    package func json(_ what: String) throws(DocumentError) -> JSONValue {
        do {
            return try JSONValue(parsing: ByteBuffer(bytes: body), valueLimit: 4096)
        } catch {
            throw DocumentError("the authority's \(what) cannot be read as JSON: \(error)")
        }
    }
}

extension JSONValue {
    /// The bytes, as a body or a file has them.
    package var bytes: [UInt8] { Array(encoded.readableBytesView) }

    /// A member that has to be a URL to send requests to.
    func url(_ key: String, of what: String) throws(DocumentError) -> String {
        guard let url = AuthorityURL.usable(self[key]?.string) else {
            throw DocumentError("the authority's \(what) has no https URL as '\(key)'")
        }
        return url
    }

    /// A moment of RFC 3339 in seconds since 1970.
    func moment(_ key: String) -> Int64? { self[key]?.string.flatMap { InternetTime.seconds(rfc3339: $0) } }

    /// Seconds since 1970 as a number, as the files here have them.
    func seconds(_ key: String) -> Int64? { self[key].flatMap(\.seconds) }

    /// A moment that can be computed with: a file may have any number.
    var seconds: Int64? {
        guard let integer, (0...253_402_300_799).contains(integer) else { return nil }
        return Int64(integer)
    }

    static func seconds(_ value: Int64?) -> JSONValue { value.map { .integer(Int($0)) } ?? .null }

    static func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    /// The identifiers in an array of the wire's objects; nil if one is none.
    var identifiers: [Identifier]? {
        guard let elements = array, elements.count <= 1000 else { return nil }
        var identifiers: [Identifier] = []
        for element in elements {
            guard let type = element["type"]?.string, let value = element["value"]?.string,
                let identifier = Identifier(type: type, value: value)
            else { return nil }
            identifiers.append(identifier)
        }
        return identifiers
    }

    init(_ identifiers: [Identifier]) {
        self = .array(identifiers.map { ["type": .string($0.type), "value": .string($0.value)] })
    }
}

extension String {
    /// A text of an authority's as one line of a log: no control characters, and not without end.
    var asLine: String {
        let limit = 2000
        var line = ""
        for scalar in unicodeScalars.prefix(limit) {
            let isControl =
                scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        return unicodeScalars.count > limit ? line + "…" : line
    }
}
