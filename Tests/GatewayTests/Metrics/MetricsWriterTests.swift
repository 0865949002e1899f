import NIOCore
import Testing

@testable import Gateway

@Suite("Prometheus' text format is written")
struct MetricsWriterTests {
    @Test("HELP and TYPE come once, before the samples of their family")
    func families() {
        var writer = MetricsWriter()
        writer.begin("a_total", .counter, "What a is.")
        writer.sample(1 as UInt64, [.init("user", "wang"), .init("direction", "uplink")])
        writer.sample(UInt64.max, [.init("user", "joe"), .init("direction", "uplink")])
        writer.single("b", .gauge, "What b is.", 0)
        #expect(
            String(buffer: writer.buffer) == """
                # HELP a_total What a is.
                # TYPE a_total counter
                a_total{user="wang",direction="uplink"} 1
                a_total{user="joe",direction="uplink"} 18446744073709551615
                # HELP b What b is.
                # TYPE b gauge
                b 0

                """
        )
    }

    @Test("what would end a label value is escaped, and all else stays as it is")
    func escapes() {
        for (value, text) in [
            ("", ""), ("wang", "wang"), ("\\", #"\\"#), ("\"", #"\""#), ("\n", #"\n"#), ("a\\\"\nb", #"a\\\"\nb"#),
            ("\\n", #"\\n"#), ("}\r\t{,=", "}\r\t{,="), ("王\u{1F600}", "王\u{1F600}"), ("\u{FFFD}", "\u{FFFD}"),
            ("\0", "\0"),
        ] {
            var writer = MetricsWriter()
            writer.sample(5 as UInt64, [.init("user", value)])
            #expect(String(buffer: writer.buffer) == "{user=\"\(text)\"} 5\n")
            var short = MetricsWriter()
            short.sample(5, user: value)
            #expect(short.buffer == writer.buffer)
        }
    }

    @Test("samples of users are written like all others, of several servers too")
    func users() {
        var (short, long) = (MetricsWriter(), MetricsWriter())
        for family in ["a_total", "b"] as [StaticString] {
            for servers in [["x"], ["x", "y\"z"]] {
                short.begin(family, .counter, "")
                short.forEachServer(servers, named: \.self) { writer, _ in
                    writer.sample(7, user: "wang", "\",direction=\"uplink\"} ")
                    writer.sample(UInt64.max, user: "joe")
                }
                long.begin(family, .counter, "")
                long.forEachServer(servers, named: \.self) { writer, _ in
                    writer.sample(7 as UInt64, [.init("user", "wang"), .init("direction", "uplink")])
                    writer.sample(UInt64.max, [.init("user", "joe")])
                }
            }
        }
        #expect(String(buffer: short.buffer) == String(buffer: long.buffer))
    }

    @Test("in a HELP a quotation mark stays, a backslash and a line feed do not")
    func help() {
        var writer = MetricsWriter()
        writer.begin("a", .gauge, "a \"b\" \\ \n c")
        #expect(String(buffer: writer.buffer) == "# HELP a a \"b\" \\\\ \\n c\n# TYPE a gauge\n")
    }

    @Test("fractions are written so that they read back as they were")
    func fractions() throws {
        for value in [0.0, 1, 0.001, 1e-9, 0.1 + 0.2, 1e21] {
            var writer = MetricsWriter()
            writer.begin("a", .gauge, "")
            writer.sample(value)
            let line = try #require(String(buffer: writer.buffer).split(separator: "\n").last)
            #expect(Double(line.dropFirst(2)) == value)
        }
    }
}
