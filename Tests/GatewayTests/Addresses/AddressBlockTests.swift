import NIOCore
import Testing

@testable import Access
@testable import Gateway

@Suite("Callers are counted by address")
struct AddressBlockTests {
    private func block(_ address: String) throws -> AddressBlock? {
        AddressBlock(try SocketAddress(ipAddress: address, port: Int.random(in: 1...65_535)))
    }

    @Test(
        "who is the same",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("192.0.2.1", "::ffff:192.0.2.1"), ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"),
            ("2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"), ("::1", "::1"),
        ]
    )
    func same(left: String, right: String) throws {
        #expect(try block(left) == block(right))
    }

    @Test(
        "who is not",
        arguments: [
            ("192.0.2.1", "192.0.2.2"), ("2001:db8:0:1::1", "2001:db8:0:2::1"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
            ("::1", "0.0.0.1"), ("::192.0.2.1", "192.0.2.1"), ("0.0.0.0", "::"), ("64:ff9b::192.0.2.1", "192.0.2.1"),
        ]
    )
    func different(left: String, right: String) throws {
        #expect(try block(left) != block(right))
    }

    @Test("who has no address is nobody in particular")
    func unix() throws {
        #expect(AddressBlock(try SocketAddress(unixDomainSocketPath: "/tmp/x")) == nil)
    }
}
