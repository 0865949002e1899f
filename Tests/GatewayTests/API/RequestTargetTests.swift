import Testing

@testable import Gateway

/// Against what Hysteria itself does with the same targets.
@Suite("A request target is decoded once and compared as a whole")
struct RequestTargetTests {
    private func read(_ target: String) throws(RequestTarget.ParsingError) -> RequestTarget {
        let bytes = Array(target.utf8)
        return try bytes.withUnsafeBytes { bytes -> Result<RequestTarget, RequestTarget.ParsingError> in
            do throws(RequestTarget.ParsingError) {
                return .success(try RequestTarget(bytes))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    @Test(
        "a path that is one",
        arguments: [
            ("/", Route.summary), ("/?", .summary), ("/?x=1", .summary), ("", .summary), ("?x=1", .summary),
            ("/traffic", .traffic), ("/traffic?", .traffic), ("/traffic??", .traffic), ("/traffic?&&&", .traffic),
            ("/%74raffic", .traffic), ("/%74%72%61%66%66%69%63", .traffic), ("%2Ftraffic", .traffic),
            ("/online", .online), ("/dump/streams", .streams), ("/dump%2fstreams", .streams),
            ("/dump%2Fstreams", .streams), ("/dump/%73treams", .streams), ("/kick", .kick), ("/%6bick", .kick),
            ("/kick?x=1", .kick), ("/healthz", .health),
        ]
    )
    func known(target: String, route: Route) throws {
        #expect(try read(target).route == route)
    }

    @Test(
        "a path that is none",
        arguments: [
            "/nope", "/favicon.ico", "/traffic/", "//traffic", "///", "//", "/./traffic", "/x/../traffic", "/traffic/.",
            "/traffic/..", "/TRAFFIC", "/Traffic", "/traffic.json", "/traffic;x=1", "/traffic%20", "/traffic%00",
            "/traffic%2f", "/%2ftraffic", "/traffic%3fclear=1", "/%2e/traffic", "/..%2ftraffic", "/traffic%0d%0aX:1",
            "/%5Ctraffic", "/\\traffic", "/dump", "/dump/", "/dump/streams/", "/dump//streams", "/online/",
            "/online%2F", "//evil.example/traffic", "/index.html", "/%2574raffic", "/traffic+", "/kick/", "*", "/%ff",
            "/traffic%C0%80",
        ]
    )
    func unknown(target: String) throws {
        #expect(try read(target).route == nil)
    }

    @Test(
        "a percent sign that nothing follows",
        arguments: ["/%zz", "/traffic%", "/%", "/%4", "/%4g", "/traffic?x=%zz", "/traffic?%", "/traffic?clear=1&x=%0"]
    )
    func malformed(target: String) {
        #expect(throws: RequestTarget.ParsingError.malformedPercentEncoding) { try read(target) }
    }

    @Test(
        "clear that is asked for",
        arguments: [
            "clear=1", "clear=t", "clear=T", "clear=true", "clear=TRUE", "clear=True", "%63lear=1", "clear=%31",
            "c%6cear=%54", "foo&clear=1", "clear=1&x=1", "x=1&&clear=1&",
        ]
    )
    func clears(query: String) throws {
        #expect(try read("/traffic?\(query)").clears)
    }

    @Test(
        "clear that is not",
        arguments: [
            "clear=0", "clear=f", "clear=F", "clear=false", "clear=FALSE", "clear=False", "clear=0&x=1", "CLEAR=1",
            "clear[]=1", "x=1;clear=1", "?clear=1", "x=1?clear=1", "xclear=1", "clearx=1", "c%256cear=1", "clear+=1",
        ]
    )
    func doesNotClear(query: String) throws {
        #expect(try !read("/traffic?\(query)").clears)
    }

    @Test(
        "clear that Hysteria takes for no, or for yes by accident, is a mistake to be told",
        arguments: [
            "clear", "clear=", "clear=yes", "clear=on", "clear=2", "clear=01", "clear=%201", "clear=+1", "clear=tRuE",
            "clear=junk", "clear=1;x=1", "clear=1%00", "clear=1=1", "clear=0&clear=1", "clear=1&clear=0",
            "clear=1&clear=1", "clear=1&%63lear=1",
        ]
    )
    func unclear(query: String) {
        #expect(throws: RequestTarget.ParsingError.badParameter(.clear)) { try read("/traffic?\(query)") }
    }

    @Test("the form of the answer")
    func format() throws {
        #expect(try read("/traffic?format=json").format == .json)
        #expect(try read("/traffic?clear=1&form%61t=t%65xt").format == .text)
        #expect(try read("/traffic").format == nil)
        for query in ["format=xml", "format=", "format", "format=json&format=text", "format=JSON"] {
            #expect(throws: RequestTarget.ParsingError.badParameter(.format)) { try read("/traffic?\(query)") }
        }
    }
}
