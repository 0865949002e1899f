import HysteriaStats
import Testing

@Suite struct StatsAddressListenTests {
    @Test(
        "becomes an address that can be called",
        arguments: [
            (":9999", "127.0.0.1:9999"),
            ("127.0.0.1:9999", "127.0.0.1:9999"),
            ("0.0.0.0:9999", "127.0.0.1:9999"),
            ("[::1]:9999", "[::1]:9999"),
            ("[::]:9999", "[::1]:9999"),
            ("[0:0:0:0:0:0:0:0]:9999", "[::1]:9999"),
            ("[::0]:1", "[::1]:1"),
            ("[2001:db8::5]:65535", "[2001:db8::5]:65535"),
            ("localhost:9999", "localhost:9999"),
            ("stats.internal:80", "stats.internal:80"),
            ("10.0.0.7:9999", "10.0.0.7:9999"),
        ]
    )
    func becomesAnAddressThatCanBeCalled(listen: String, expected: String) throws {
        #expect(try StatsAddress(listen: listen).description == expected)
    }

    @Test(
        "is refused with words that help",
        arguments: [
            "", "9999", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", ":65536", ":99999999999999999999", ":http", ":-1",
            ":+1",
            "::1:9999", "[::1]", "[::1:9999", "[]:9999", "[host]:9999", "a b:9999", "http://127.0.0.1:9999",
        ]
    )
    func isRefusedWithWordsThatHelp(listen: String) {
        let problem = #expect(throws: StatsAddress.ListenError.self) { try StatsAddress(listen: listen) }
        #expect(problem?.description.hasPrefix("has ") == true)
    }
}
