import Testing

@testable import Gateway

@Suite("A file that is not the YAML of a configuration")
struct YAMLDocumentTests {
    private typealias Fixture = ConfigurationFixture

    @Test(
        "is told what is wrong, and where",
        arguments: [
            ("", "config.yaml: the file is empty; expected at least 'tokens' and 'hysteria' or 'upstream'"),
            (
                "# nothing\n",
                "config.yaml: the file has nothing but comments; expected at least 'tokens' and "
                    + "'hysteria' or 'upstream'"
            ),
            (
                "just words",
                "config.yaml:1: found a single value; expected the keys listen, redirect, threads, hysteria, "
                    + "upstream, acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors, "
                    + "accessLog, log, logLevel"
            ),
            (
                "- a\n- b\n",
                "config.yaml:1: found a list; expected the keys listen, redirect, threads, hysteria, "
                    + "upstream, acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors, "
                    + "accessLog, log, logLevel; write them without '- ' before them"
            ),
            ("threads: 2\n---\nthreads: 3\n", "config.yaml:2: a second document begins; expected one document"),
            (
                "threads: &t 2\n",
                "config.yaml:1: threads: an anchor or alias; expected the value written out, in "
                    + "quotes if it begins with '&' or '*'"
            ),
            (
                "threads: !!int 2\n",
                "config.yaml:1: threads: the tag 'tag:yaml.org,2002:int'; expected a value without a tag"
            ),
            (
                "threads: !mine 2\n",
                "config.yaml:1: threads: a value that begins with '!'; expected it in quotes"
            ),
        ]
    )
    func structure(text: String, expected: String) {
        #expect(Fixture.problems(text) == [expected])
    }

    @Test("an alias to an anchor elsewhere is refused, however deep and often it repeats itself")
    func aliases() {
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1...40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let problems = Fixture.problems(bomb)
        #expect(
            problems.first?.hasPrefix("config.yaml:1: a0: an anchor or alias; expected the value written out") == true
        )
    }

    @Test("an alias is refused at its own line, also as a key and as a list within itself")
    func aliasPlaces() {
        #expect(
            Fixture.problems("threads: &t 2\nlogLevel: *t\n") == [
                "config.yaml:1: threads: an anchor or alias; expected the value written out, "
                    + "in quotes if it begins with '&' or '*'",
                "config.yaml:2: logLevel: an anchor or alias; expected the value written out, "
                    + "in quotes if it begins with '&' or '*'",
            ]
        )
        #expect(
            Fixture.problems("&t threads: 2\n*t : 3\n") == [
                "config.yaml:2: an anchor or alias; expected the key written out"
            ]
        )
        #expect(Fixture.problems("listen: &l [*l]\n").first?.contains("begins with '*'") == true)
    }

    @Test("a byte order mark before the file is nothing, UTF-16 is no text")
    func byteOrderMarks() {
        let text = "threads: &t 2\n"
        #expect(Fixture.problems("\u{feff}" + text) == Fixture.problems(text))
        for bytes: [UInt8] in [
            [0xff, 0xfe] + text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] },
            [0xfe, 0xff] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] },
        ] {
            #expect(
                Fixture.problems("") { $0.file("/etc/gw/config.yaml", bytes: bytes) } == [
                    "config.yaml: the file is in UTF-16, as some editors of Windows save it; expected UTF-8; "
                        + "save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 FILE"
                ]
            )
        }
    }

    @Test("a directive of another version, an open quote and a tab each name their line")
    func lexicalErrors() {
        for (text, expected) in [
            ("%YAML 3.0\n---\nthreads: 2\n", "config.yaml:1: not valid YAML: found incompatible YAML document"),
            (
                "threads: 2\nlisten: \"x\n",
                "config.yaml:2: a quote that is not closed; expected the same quote behind the "
                    + "value; the line is 'listen: \"x'"
            ),
            (
                "threads: 2\n\tlisten: x\n",
                "config.yaml:2: a tab before the first word; expected spaces; the line is 'listen: x'"
            ),
        ] {
            #expect(Fixture.problems(text) == [expected])
        }
    }

    @Test("a syntax error names the line and never shows it")
    func syntax() {
        let problems = Fixture.problems("threads: 2\ntokens:\n  - name: x\n\ttoken: hg_secret-token-0123456789\n")
        #expect(problems.count == 1)
        #expect(problems == ["config.yaml:4: a tab before the first word; expected spaces"])
        #expect(!problems[0].contains("hg_"))

        let bracket = Fixture.problems("listen: [::1]:443\nthreads: 2\n")
        #expect(bracket.count == 1)
        #expect(bracket[0].contains("; expected it in quotes: \"[::1]:443\""), "\(bracket)")
    }

    @Test("bytes that are not text name their line")
    func notText() {
        #expect(
            Fixture.problems("") { $0.file("/etc/gw/config.yaml", bytes: Array("a: 1\nb: ".utf8) + [0xff, 0x0a]) } == [
                "config.yaml:2: bytes that are not UTF-8; expected a text file in UTF-8; "
                    + "save it as UTF-8, or delete what is not ASCII in this line"
            ]
        )
        let control = Fixture.problems("threads: 2\nlisten: \u{1}\n")
        #expect(
            control == [
                "config.yaml:2: a character that no YAML file may have, U+0001; expected printable text; "
                    + "delete it, or retype the line"
            ]
        )
        let null = Fixture.problems("threads: 2\nlisten: a\u{0}b\n")
        #expect(null.count == 1 && null[0].hasPrefix("config.yaml:2: "), "\(null)")
    }

    @Test("nesting without end is refused before it ends the process")
    func nesting() {
        for text in [
            String(repeating: "[", count: 500_000), String(repeating: "{a: ", count: 200_000),
            String(repeating: "- ", count: 200_000),
        ] {
            let problems = Fixture.problems(text)
            #expect(problems.count >= 1)
        }
        #expect(
            Fixture.problems(String(repeating: "- ", count: 200) + "a") == [
                "config.yaml:1: more than 100 lists and mappings within each other"
            ]
        )
    }

    @Test("thousands of mistakes are told without making anybody wait")
    func manyMistakes() {
        let keys = (0..<2_000).map { "zzz\($0): 1\n" }.joined()
        #expect(Fixture.problems(keys).count == 2_003)
        let users = (0..<10_000).map { "user\($0)" }.joined(separator: ", ")
        let tokens = "tokens: [{name: a, hash: \(Fixture.hash), scopes: [kick], users: [\(users), user7]}]\n"
        #expect(Fixture.problems(tokens + Fixture.upstream + Fixture.certificates).count == 1)
    }

    @Test("keys given twice do not hide the other problems")
    func duplicates() {
        let problems = Fixture.problems(
            """
            threads: 2
            "logLevel": info
            upstream:
              timeout: 1s
              address: 127.0.0.1:9999
              secret: s
              timeout: 2
            threads: many
            threads: 3
            """ + "\n" + Fixture.certificates + Fixture.tokens + "extra: 1\n"
        )
        #expect(
            problems == [
                "config.yaml:7: upstream.timeout: the key is given more than once; expected it once; line 4 has it too",
                "config.yaml:7: upstream.timeout: found '2' without a unit; expected 2s or 2m",
                "config.yaml:9: threads: the key is given more than once; expected it once; line 1 has it too",
                "config.yaml:9: threads: the key is given more than once; expected it once; line 8 has it too",
                "config.yaml:12: extra: unknown key; expected one of listen, redirect, threads, hysteria, upstream, "
                    + "acme, certificates, tls, clientCertificates, ledger, quotas, tokens, limits, metrics, cors, accessLog, log, logLevel",
            ]
        )
    }

    @Test("a quoted key given twice is named all the same")
    func quotedDuplicates() {
        #expect(
            Fixture.problems("\"threads\": 2\n'threads': 2\n") == [
                "config.yaml:1: threads: the key is given more than once; expected each key once"
            ]
        )
    }
}
