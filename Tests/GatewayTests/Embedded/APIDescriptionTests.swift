import DescribedAPI
import Foundation
import HysteriaStats
import Testing

@testable import Access
@testable import Gateway
@testable import HTTPServer

@Suite("The description of the API")
struct APIDescriptionTests {
    private let described: DescribedAPI

    init() throws {
        described = try DescribedAPI.shared.get()
    }

    @Test(
        "is served to anybody, as it is written, whatever form is asked for",
        arguments: [nil, APIBench.token, "hg_wrong"]
    )
    func served(token: String?) async throws {
        let source = try String(contentsOfFile: DescribedAPI.path, encoding: .utf8)
        try await APIBench.with { bench in
            for request in ["GET /openapi.json", "HEAD /openapi.json", "GET /openapi.json?format=text"] {
                let answer = await bench.ask(request, token: token, fields: ["Accept: text/html, text/plain"])
                #expect(answer.status == 200)
                #expect(answer.contentType == "application/json; charset=utf-8")
                let isWhole = answer.body == source
                #expect(isWhole)
            }
            #expect(await bench.hysteria.requests.isEmpty)
            #expect(await bench.ask("GET /openapi.json?format=xml", token: token).status == 400)
            #expect(await bench.ask("POST /openapi.json", token: token).fields["Allow"] == "GET, HEAD, OPTIONS")
        }
    }

    @Test("is of this version, for where it was got from, and whole")
    func whole() {
        #expect(described.version == GatewayVersion.number)
        #expect(described.servers == ["/"])
        #expect(described.loose == ["#/components/responses/MethodNotAllowed", "#/components/responses/NotFound"])
    }

    @Test("has every path and method that there is, and no other")
    func operations() {
        let methods: [(String, HTTPMethod)] = [("GET", .get), ("HEAD", .head), ("POST", .post), ("OPTIONS", .options)]
        let known = Route.allCases.flatMap { route in
            methods.filter { route.accepts($0.1) }.map { "\($0.0) \(route.path)" }
        }
        #expect(described.operations.map { "\($0.method) \($0.path)" }.sorted() == known.sorted())
        for operation in described.operations { #expect(operation.body.isEmpty == (operation.method != "POST")) }
    }

    @Test("asks for the scope that each path needs", arguments: Route.allCases)
    func scopes(route: Route) throws {
        for operation in described.operations where operation.path == route.path.description {
            guard let scope = route.scope, operation.method != "OPTIONS" else {
                #expect(operation.security.isEmpty)
                continue
            }
            let tokens = [["bearer": [scope.name]], ["basic": [scope.name]]]
            // The page asks for no token, and the summary at the same path does.
            #expect(operation.security == (route.endpoint.page != nil ? [[:]] + tokens : tokens))
        }
    }

    @Test("has the values of each parameter that are taken, and no other", arguments: Route.allCases)
    func parameters(route: Route) throws {
        let words = [
            "json", "text", "csv", "html", "xml", "JSON", "", "0", "1", "t", "f", "T", "F", "true", "false", "TRUE",
            "FALSE",
            "True", "False", "tRUE", "2", "01", " 1", "yes",
        ]
        for operation in described.operations where operation.path == route.path.description {
            let own = operation.method == "OPTIONS" ? [] : route.endpoint.parameters
            #expect(operation.parameters.keys.sorted() == (own.map(\.rawValue) + ["format"]).sorted())
            // The others take any text as far as routing is concerned.
            for (name, values) in operation.parameters where ["clear", "format"].contains(name) {
                let taken = words.filter { word in
                    let target = "\(route.path)?\(name)=\(word.replacing(" ", with: "%20"))"
                    let decoded = target.utf8.withContiguousStorageIfAvailable {
                        try? RequestTarget(UnsafeRawBufferPointer($0))
                    }
                    guard let decoded = decoded ?? nil else { return false }
                    return !(operation.method == "HEAD" && decoded.clears)
                }
                // The page and tables have no methods of their own.
                let expected = operation.method == "OPTIONS" ? taken.filter { !["html", "csv"].contains($0) } : taken
                #expect(values.sorted() == expected.sorted())
            }
        }
    }

    @Test("has the media types in which each path answers, and no other", arguments: Route.allCases)
    func mediaTypes(route: Route) throws {
        let types = route.endpoint.contentTypes + [route.endpoint.page?.contentType].compactMap { $0 }
        let names = Set(types.map { String($0.description.prefix { $0 != ";" }) })
        for operation in described.operations where operation.path == route.path.description {
            if operation.method == "OPTIONS" { continue }
            #expect(try #require(operation.answers[200]).mediaTypes == names)
        }
    }

    @Test("names every scope, and no other, where it says what scopes are")
    func scopeNames() throws {
        let source = try String(contentsOfFile: DescribedAPI.path, encoding: .utf8)
        #expect(source.contains(" what it may do: \(Scope.allNames.joined(separator: ", ")). "))
    }

    @Test("has every type of problem, with the statuses that the code gives it")
    func problems() {
        let prefix = Problem.typePrefix
        #expect(described.problems == Set(Problem.Kind.allCases.map { prefix + $0.rawValue }))
        let address = StatsAddress(host: "192.0.2.1", port: 9999)
        let upstream: [StatsError.Kind] = [
            .unreachable(reason: ""), .timedOut(limit: .seconds(5)), .tooManyCalls(limit: 1), .shutDown, .secretRefused,
            .unexpectedStatus(404), .malformedAnswer(reason: ""), .answerTooLarge(limit: 1), .connectionLost,
        ]
        let unreadable: [RequestError] = [
            .malformed(""), .headTooLarge, .bodyTooLarge, .versionNotSupported, .expectationFailed, .timedOut,
        ]
        let given =
            unreadable.map { Problem($0) } + upstream.map { Problem(StatsError($0, address: address)) }
            + [StatsError.Kind.timedOut(limit: .seconds(5)), .connectionLost].map {
                Problem(StatsError($0, address: address, answerMayBeLost: true))
            }
            + [
                .unauthorized, .throttled(seconds: 1), .notFound, .forbidden(""), .malformed(""),
                .methodNotAllowed(.traffic), .usageRange(""), .cursorGone(acknowledged: 0), .ledgerUnavailable,
                .readingFailed,
                .noLedger,
            ]
        let described = described.answers.values.flatMap { answer in
            answer.problems.flatMap { type in answer.statuses.map { "\($0) \(type)" } }
        }
        #expect(Set(described) == Set(given.map { "\($0.status.rawValue) \(prefix)\($0.kind.rawValue)" }))
        #expect(Set(given.map(\.kind)) == Set(Problem.Kind.allCases))
    }

    @Test("has every status but those of the redirect listener")
    func statuses() {
        var statuses = Set(described.operations.flatMap(\.answers.keys))
        statuses.formUnion(described.answers.values.flatMap(\.statuses))
        let redirects: [HTTPStatus] = [.permanentRedirect, .misdirectedRequest]
        #expect(statuses == Set(HTTPStatus.allCases.filter { !redirects.contains($0) }.map(\.rawValue)))
    }
}
