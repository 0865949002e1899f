import Foundation
import HTTPServer
import HysteriaStats
import NIOCore
import Testing

@testable import Access
@testable import Gateway

@Suite("The list of calls")
struct EndpointsTests {
    @Test("has each path once, and finds each of them")
    func paths() {
        let paths = Endpoints.all.map(\.path.description)
        #expect(Set(paths).count == paths.count)
        #expect(paths.allSatisfy { $0.hasPrefix("/") })
        for (number, path) in paths.enumerated() {
            let route = Array(path.utf8).withUnsafeBytes(Route.init(path:))
            #expect(route?.number == number)
            #expect(route?.endpoint.path.description == path)
        }
    }

    @Test("every scope opens something", arguments: Scope.allCases)
    func scopes(scope: Scope) {
        let opened = Endpoints.all.flatMap { [$0.scope] + $0.parameters.map(\.scope) }
        #expect(opened.contains(scope))
    }

    @Test("whoever asks for what is not there, or otherwise than it can be, is told what is")
    func hints() {
        #expect(
            Problem.notFound.detail
                == "There is nothing at this path. Try /traffic, /online, /users, /usage, /dump/streams or /healthz; "
                + "/openapi.json has them all."
        )
        #expect(Endpoints.allow == "GET, HEAD, OPTIONS, POST")
        #expect(Problem.misplaced(.clear).detail == "clear is a parameter of /traffic only.")
        #expect(
            Problem(RequestTarget.ParsingError.badParameter(.format)).detail
                == "format is given once, as json or text, where there is a table as csv, or for / as html."
        )
    }

    @Test("what takes a body has one to try it with, and takes that", arguments: Route.allCases)
    func exampleBodies(route: Route) {
        let body = route.endpoint.exampleBody(user: "wang \"\u{e9}\"")
        #expect((body != nil) == route.endpoint.methods.contains(.post))
        guard let body else { return }
        let caller = Caller(TokenGrant(name: "t", scopes: .all))
        if case .refuse(let problem) = route.endpoint.answer(EndpointCall(method: .post, caller: caller, body: body)) {
            Issue.record("\(problem)")
        }
    }

    @Test("a token is tried with a call that it may make, and reads rather than it changes something")
    func trials() {
        let trial = { (scopes: Set<String>) in TokenTrial(scopes: scopes, user: "wang").arguments }
        #expect(trial(["traffic", "kick"]) == "https://my.site.com/traffic")
        #expect(trial(["streams", "metrics"]) == "https://my.site.com/metrics")
        #expect(trial(["kick", "streams"]) == "https://my.site.com/dump/streams")
        #expect(trial(["kick"]) == #"-d '["wang"]' https://my.site.com/kick"#)
        #expect(trial(["clear"]) == "https://my.site.com/view")
        #expect(trial(["usage"]) == "https://my.site.com/usage")
    }

    @Test("is in the documents, with its scopes")
    func documented() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = { (name: String) in try String(contentsOf: root.appending(path: name), encoding: .utf8) }
        let page = try text("docs/api.md")
        for endpoint in Endpoints.all {
            #expect(page.contains(" \(endpoint.path)` | \(endpoint.scope?.name ?? "none") |"))
        }
        let names = Scope.allNames.joined(separator: ", ")
        for name in ["README.md", "README.zh-CN.md"] { #expect(try text(name).contains("# \(names)\n"), "\(name)") }
    }
}
