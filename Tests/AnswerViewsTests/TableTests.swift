import HysteriaStats
import JSON
import NIOCore
import Testing

@testable import AnswerViews

@Suite("tables")
struct TableTests {
    // MARK: CSV

    @Test(
        "a name is a field of its own, whatever is in it",
        arguments: [
            ("wang", "wang"), ("", ""), ("a b", "a b"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
            ("a\r\nb", "\"a\r\nb\""), ("王，明", "王，明"), ("王,明", "\"王,明\""), ("a=1", "a=1"),
        ]
    )
    func csvName(name: String, expected: String) { #expect(field(bytes(name)) == expected) }

    @Test(
        "a name that begins like a formula gets a tab",
        arguments: [
            ("=1+1", "\t=1+1"), ("+1", "\t+1"), ("-1", "\t-1"), ("@a", "\t@a"), ("\ta", "\"\t\ta\""),
            ("\ra", "\"\t\ra\""),
            ("=\"a\"", "\"\t=\"\"a\"\"\""), ("=王", "\t=王"),
        ]
    )
    func csvFormula(name: String, expected: String) { #expect(field(bytes(name)) == expected) }

    @Test("a name that is no UTF-8 is repaired in CSV")
    func csvRepair() { #expect(field([0x61, 0xff, 0x2c]) == "\"a\u{fffd},\"") }

    private func field(_ name: [UInt8]) -> String {
        let text = written { buffer in
            CSVWriter.write("x", into: &buffer) { rows in
                rows.name(name)
                rows.number(1)
                rows.endRow()
            }
        }
        #expect(text.hasPrefix("x\r\n") && text.hasSuffix(",1\r\n"))
        return String(decoding: Array(text.utf8).dropFirst(3).dropLast(4), as: UTF8.self)
    }

    @Test("what is not known is an empty field")
    func csvNothing() {
        let text = written { buffer in
            CSVWriter.write("a,b,c,d", into: &buffer) { rows in
                var moments = MomentWriter(utc)
                rows.number(nil)
                rows.flag(nil)
                rows.moment(nil, &moments)
                rows.moment(0, &moments)
                rows.endRow()
            }
        }
        #expect(text == "a,b,c,d\r\n,,,1970-01-01T00:00:00+00:00\r\n")
    }

    @Test("traffic and connections as CSV, after what the buffer held")
    func csvAnswers() {
        let traffic = TrafficAnswer(entries: [.init(user: "b", tx: 1, rx: .max), .init(user: "-a", tx: 0, rx: 0)])
        let text = written {
            $0.writeString("before\n")
            TrafficCSV.write(traffic, into: &$0)
        }
        #expect(text == "before\nuser,tx,rx\r\nb,1,18446744073709551615\r\n\t-a,0,0\r\n")
        let online = OnlineAnswer(entries: [.init(user: "b", connections: 2)])
        #expect(written { OnlineCSV.write(online, into: &$0) } == "user,connections\r\nb,2\r\n")
        #expect(written { OnlineCSV.write(OnlineAnswer(entries: []), into: &$0) } == "user,connections\r\n")
    }

    // MARK: Text

    @Test("columns are aligned by what a terminal shows, without spaces at line ends")
    func alignment() {
        var table = TextTable([("NAME", .left), ("N", .right), ("", .left)])
        table.add(["王", "10", "x"])
        table.add(name: bytes("abcdef"))
        table.add(ascii: { $0.writeDecimal(7) })
        table.add("")
        table.add(name: [0x1b])
        table.add("")
        table.add("y")
        #expect(written { table.write(into: &$0) } == "NAME     N\n王      10  x\nabcdef   7\n\\u{1b}      y\n")
    }

    @Test(
        "three digits and a unit take eight characters at most",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1034, "1.01 KiB"), (10_235, "10.0 KiB"),
            (10_234, "9.99 KiB"),
            (102_348, "99.9 KiB"), (102_349, "100 KiB"), (1_048_063, "1023 KiB"), (1_048_064, "1.00 MiB"),
            (1_048_576, "1.00 MiB"), (gib, "1.00 GiB"), (gib * 1023, "1023 GiB"), (.max, "16.0 EiB"),
        ] as [(UInt64, String)]
    )
    func shortCount(count: UInt64, expected: String) { #expect(ByteCount(count).short == expected) }

    @Test(
        "a number of bytes with two decimals",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1_048_575, "1.00 MiB"), (1_509_949, "1.44 MiB"),
            (.max, "16.00 EiB"), (1 << 60, "1.00 EiB"), ((1 << 60) - 1, "1.00 EiB"),
        ] as [(UInt64, String)]
    )
    func count(count: UInt64, expected: String) { #expect(ByteCount(count).description == expected) }

    @Test(
        "a bar is as long as its share, and is seen if there is anything",
        arguments: [
            (0, 100, ""), (1, 100_000, "▏"), (100, 100, "████"), (50, 100, "██"), (53, 100, "██▏"), (200, 100, "████"),
            (1, 0, ""),
        ] as [(UInt64, UInt64, String)]
    )
    func bar(value: UInt64, largest: UInt64, expected: String) {
        #expect(Bar.text(value, of: largest, width: 4) == expected)
        #expect(Bar.gauge(value, of: largest, width: 4).count == 4)
    }

    @Test("numbers have all their digits", arguments: [0, 9, 10, 99, 100, 12_345, .max - 1, .max] as [UInt64])
    func digits(number: UInt64) { #expect(written { $0.writeDecimal(number) } == "\(number)") }
}
