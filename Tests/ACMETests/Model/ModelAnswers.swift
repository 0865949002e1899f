import ACME
import JSON
import NIOCore
import Time

extension ModelAuthority {
    static func json(_ bytes: [UInt8]) throws -> JSONValue { try JSONValue(parsing: ByteBuffer(bytes: bytes)) }

    static func answer(_ status: Int, _ json: JSONValue, location: String? = nil) -> AuthorityResponse {
        AuthorityResponse(status: status, body: json.bytes, location: location, contentType: "application/json")
    }

    static func problemJSON(_ status: Int, _ type: String, _ detail: String) -> JSONValue {
        ["type": .string("urn:ietf:params:acme:error:" + type), "detail": .string(detail), "status": .integer(status)]
    }

    static func problem(_ status: Int, _ type: String, _ detail: String, retryAfter: Int64? = nil) -> AuthorityResponse
    {
        var answer = answer(status, problemJSON(status, type, detail))
        answer.contentType = "application/problem+json"
        answer.retryAfter = retryAfter.map(String.init)
        return answer
    }
}

extension JSONValue {
    var identifiersForTests: [Identifier]? {
        array?.compactMap { Identifier(type: $0["type"]?.string ?? "", value: $0["value"]?.string ?? "") }
    }

    static func identifiersForTests(_ identifiers: [Identifier]) -> JSONValue {
        .array(identifiers.map { ["type": .string($0.type), "value": .string($0.value)] })
    }
}

/// Moments as authorities write them.
enum Moments {
    static func text(_ seconds: Int64) -> String { CivilTime(seconds).internetText }

    static func http(_ seconds: Int64) -> String { CivilTime(seconds).httpText }
}
