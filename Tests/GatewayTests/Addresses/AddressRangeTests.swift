import NIOCore
import Testing

@testable import Access
@testable import Gateway

@Suite("A range of addresses")
struct AddressRangeTests {
    private func holds(_ range: String, _ address: String) throws -> Bool {
        let address = try #require(IPAddress(try SocketAddress(ipAddress: address, port: 1)))
        return try AddressRange(range).contains(address)
    }

    @Test(
        "holds what begins as it does",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"), ("192.0.2.0/24", "192.0.2.255"),
            ("192.0.2.128/25", "192.0.2.129"), ("0.0.0.0/0", "255.255.255.255"), ("128.0.0.0/1", "200.1.2.3"),
            ("2001:db8::/32", "2001:db8:ffff::1"), ("2001:db8::1", "2001:db8:0::1"), ("::/0", "ffff::1"),
            ("2001:db8:0:1::/64", "2001:db8:0:1:ffff::"), ("2001:db8::8/125", "2001:db8::f"), ("::1", "::1"),
            ("2001:db8:0:8000::/49", "2001:db8:0:ffff::1"), ("2001:db8:0:0:8000::/65", "2001:db8::8000:0:0:1"),
        ]
    )
    func inside(range: String, address: String) throws {
        #expect(try holds(range, address))
    }

    @Test(
        "and nothing else",
        arguments: [
            ("192.0.2.7", "192.0.2.6"), ("192.0.2.0/24", "192.0.3.0"), ("192.0.2.128/25", "192.0.2.127"),
            ("128.0.0.0/1", "127.0.0.1"), ("2001:db8::/32", "2001:db9::"), ("2001:db8::1", "2001:db8::2"),
            ("2001:db8:0:1::/64", "2001:db8:0:2::"), ("2001:db8::8/125", "2001:db8::7"), ("::1", "0.0.0.1"),
            ("2001:db8:0:0:8000::/65", "2001:db8::1"), ("0.0.0.0/0", "::1"),
        ]
    )
    func outside(range: String, address: String) throws {
        #expect(try !holds(range, address))
    }

    @Test("IPv4 is IPv4, however it is seen")
    func mapped() throws {
        #expect(try holds("192.0.2.0/24", "::ffff:192.0.2.1"))
        #expect(try holds("::ffff:192.0.2.0/120", "192.0.2.1"))
        #expect(try holds("::ffff:0.0.0.0/96", "192.0.2.1"))
        #expect(try holds("::ffff:c000:201", "192.0.2.1"))
        #expect(try !holds("::ffff:192.0.2.0/120", "192.0.3.1"))
        #expect(try !holds("::/0", "192.0.2.1"))
        #expect(try !holds("::/0", "::ffff:192.0.2.1"))
        #expect(try AddressRange("::ffff:192.0.2.0/120") == AddressRange("192.0.2.0/24"))
        #expect(try AddressRange("2001:DB8::/32") == AddressRange("2001:0db8:0:0::/32"))
        #expect(try AddressRange("192.0.2.7") != AddressRange("::192.0.2.7"))
    }

    @Test(
        "is read strictly",
        arguments: [
            "", "/", "/24", "localhost", "192.0.2", "192.0.2.7.1", "192.0.2.256", "192.0.2.07", "0x7f.0.0.1",
            "192.0.2.*",
            " 192.0.2.7", "192.0.2.7 ", "192.0.2.7\n", "192.0.2.7\u{0}", "[::1]", "::1%lo", "fe80::1%1",
            "192.0.2.7:443",
            "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/024", "192.0.2.0/+24", "192.0.2.0/-1", "192.0.2.0/24/24",
            "192.0.2.0/255.255.255.0", "192.0.2.0/２４", "2001:db8::/129", "2001:db8::/1000", ":::", "1::2::3",
            "192.0.2.7/24", "192.0.2.1/0", "2001:db8::1/32", "2001:db8::1/127", "::ffff:192.0.2.7/120",
            "::ffff:0.0.0.0/95", "::ffff:192.0.2.0/24",
        ]
    )
    func strict(text: String) {
        #expect(throws: AddressRange.ParsingError.self) { try AddressRange(text) }
    }

    @Test("says what is wrong with it")
    func words() {
        func mistake(_ text: String) -> AddressRange.ParsingError? {
            do throws(AddressRange.ParsingError) {
                _ = try AddressRange(text)
                return nil
            } catch {
                return error
            }
        }
        #expect(mistake("192.0.2.7/24")?.found == "192.0.2.7/24 has bits behind the first 24")
        #expect(
            mistake("192.0.2.7/24")?.expected == "192.0.2.0/24 for the range, or 192.0.2.7 for the one address"
        )
        #expect(mistake("192.0.2.0/33")?.expected == "a number from 0 to 32 behind the slash")
        #expect(mistake("::/129")?.expected == "a number from 0 to 128 behind the slash")
        #expect(mistake("hg_0123456789abcdef")?.found == "found a text of 19 characters")
    }
}
