import Testing

/// What a person sees in a terminal.
@Suite(.startsPrograms)
struct TextViewTests {
    @Test("traffic is a table with totals in the right units")
    func trafficIsATableWithTotalsInTheRightUnits() async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text, "--header", "Accept: text/plain")
            #expect(answer["content-type"] == "text/plain; charset=utf-8")
            #expect(
                answer.text == """
                    USER                  UP        DOWN       TOTAL
                    <b>&\\u{1b}[31m  1.00 MiB         0 B    1.00 MiB
                    anna            7.61 KiB  436.16 KiB  443.76 KiB
                    wang               514 B    3.92 KiB    4.42 KiB
                    (3 users)       1.01 MiB  440.08 KiB    1.44 MiB

                    """
            )
            let query = try await scene.curl.get("/traffic?format=text", token: Tokens.all.text)
            #expect(query.body == answer.body)
        }
    }

    @Test("online is a table of connections")
    func onlineIsATableOfConnections() async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/online?format=text", token: Tokens.all.text)
            #expect(
                answer.text == """
                    USER       CONNECTIONS
                    anna                 2
                    wang                 1
                    (2 users)            3

                    """
            )
        }
    }

    @Test("streams are a table of ours")
    func streamsAreATableOfOurs() async throws {
        try await Scene.play(.withStreams) { scene in
            let json = try await scene.curl.get("/dump/streams", token: Tokens.all.text)
            let count = json.text.matches(of: /"auth":/).count
            let answer = try await scene.curl.get(
                "/dump/streams",
                token: Tokens.all.text,
                "--header",
                "Accept: text/plain"
            )
            let lines = answer.text.split(separator: "\n")
            #expect(lines.first?.split(separator: " ", maxSplits: 1).first == "STATE")
            #expect(lines.count == count + 2)
            #expect(lines.last == "(\(count) streams)")
            #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
        }
    }

    @Test("the form that is liked best is given")
    func theFormThatIsLikedBestIsGiven() async throws {
        try await Scene.play { scene in
            let json = "application/json; charset=utf-8"
            let text = "text/plain; charset=utf-8"
            for (accept, expected) in [
                ("*/*", json), ("text/*", text), ("application/json, text/plain;q=0.5", json),
                ("application/json;q=0.1, text/plain", text), ("image/png", json), ("text/plain;q=0", json),
                (";;,", json),
            ] {
                let answer = try await scene.curl.get(
                    "/traffic",
                    token: Tokens.all.text,
                    "--header",
                    "Accept: \(accept)"
                )
                #expect(answer["content-type"] == expected, "\(accept)")
            }
            let query = try await scene.curl.get(
                "/traffic?format=json",
                token: Tokens.all.text,
                "--header",
                "Accept: text/plain"
            )
            #expect(query["content-type"] == json)
        }
    }
}
