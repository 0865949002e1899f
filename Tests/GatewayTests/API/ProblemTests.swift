import Foundation
import HysteriaStats
import NIOCore
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A problem is told to programs and to people")
struct ProblemTests {
    private static let address = StatsAddress(host: "192.0.2.1", port: 9999)

    private struct Document: Decodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
    }

    private func document(_ problem: Problem) throws -> Document {
        let response = problem.response(as: .json)
        #expect(response.contentType == .problem)
        #expect(response.status == problem.status)
        return try JSONDecoder().decode(Document.self, from: Data(response.body.readableBytesView))
    }

    @Test("as JSON of RFC 9457")
    func json() throws {
        let document = try document(.notFound)
        #expect(document.type == "urn:problem-type:hysteria-gateway:not-found")
        #expect(document.title == "Not Found")
        #expect(document.status == 404)
        #expect(document.detail.hasPrefix("There is nothing at this path."))
    }

    @Test(
        "in JSON that stays well-formed whatever the detail is",
        arguments: ["\"", "\\", "\n\r\t\u{0}\u{1F}", "<script>&", "\u{2028}é漢😀", "}"]
    )
    func wellFormed(detail: String) throws {
        #expect(try document(.malformed(detail)).detail == detail)
    }

    @Test("as one line of text")
    func text() {
        let response = Problem.notFound.response(as: .text)
        #expect(response.contentType == .text)
        let text = String(buffer: response.body)
        #expect(text.hasPrefix("404 Not Found: There is nothing"))
        #expect(text.hasSuffix("\n") && text.dropLast().allSatisfy { !$0.isNewline })
    }

    @Test("with names that programs compare, and that stay")
    func kinds() {
        #expect(
            Problem.Kind.allCases.map(\.rawValue) == [
                "malformed-request", "request-too-large", "request-timeout", "version-not-supported",
                "expectation-failed", "unauthorized", "throttled", "forbidden", "not-found", "method-not-allowed",
                "upstream-unreachable", "upstream-failed", "upstream-timeout", "overloaded", "answer-lost",
                "usage-range", "cursor-gone", "ledger-unavailable",
            ]
        )
    }

    @Test("with both ways to show a token for who shows none")
    func unauthorized() {
        let fields = Problem.unauthorized.response(as: .text).fields
        #expect(fields.map(\.name.description) == ["WWW-Authenticate", "WWW-Authenticate"])
        #expect(fields.map(\.value).contains { $0.hasPrefix("Bearer ") })
        #expect(fields.map(\.value).contains { $0.hasPrefix("Basic ") })
    }

    @Test("with the methods that a path has", arguments: Route.allCases)
    func methodNotAllowed(route: Route) {
        let fields = Problem.methodNotAllowed(route).response(as: .json).fields
        #expect(fields.map(\.name.description) == ["Allow"])
        #expect(fields.first?.value == (route == .kick ? "OPTIONS, POST" : "GET, HEAD, OPTIONS"))
    }

    @Test(
        "of the upstream, without its address or what it said",
        arguments: [
            (
                StatsError.Kind.unreachable(reason: "SECRETREASON"), HTTPStatus.badGateway,
                Problem.Kind.upstreamUnreachable
            ),
            (.timedOut(limit: .seconds(5)), .gatewayTimeout, .upstreamTimeout),
            (.secretRefused, .badGateway, .upstreamFailed),
            (.unexpectedStatus(404), .badGateway, .upstreamFailed),
            (.malformedAnswer(reason: "SECRETREASON"), .badGateway, .upstreamFailed),
            (.answerTooLarge(limit: 1), .badGateway, .upstreamFailed),
            (.connectionLost, .badGateway, .upstreamFailed),
            (.tooManyCalls(limit: 1), .serviceUnavailable, .overloaded),
            (.shutDown, .serviceUnavailable, .overloaded),
        ]
    )
    func upstream(kind: StatsError.Kind, status: HTTPStatus, expected: Problem.Kind) throws {
        let problem = Problem(StatsError(kind, address: Self.address))
        #expect(problem.status == status)
        #expect(problem.kind == expected)
        let text = String(buffer: problem.response(as: .json).body)
        #expect(!text.contains("192.0.2.1"))
        #expect(!text.contains("SECRETREASON"))
        #expect(problem.fields.contains { $0.name.description == "Retry-After" } == (status == .serviceUnavailable))
    }

    @Test("of an answer that was lost behind a call that changed something")
    func lost() {
        let lost = Problem(StatsError(.connectionLost, address: Self.address, answerMayBeLost: true))
        #expect(lost.kind == .answerLost)
        #expect(lost.status == .badGateway)
        let late = Problem(StatsError(.timedOut(limit: .seconds(5)), address: Self.address, answerMayBeLost: true))
        #expect(late.kind == .answerLost)
        #expect(late.status == .gatewayTimeout)
    }
}
