import ACME
import Testing

@Suite("Names and addresses of certificates")
struct IdentifierTests {
    @Test("names are lower case, without a final dot")
    func names() throws {
        #expect(try Identifier("My.Site.com.") == .name("my.site.com"))
        #expect(try Identifier("*.Site.com") == .name("*.site.com"))
        #expect(try Identifier("xn--bcher-kva.example").type == "dns")
    }

    @Test("addresses have one text (RFC 5952)")
    func addresses() throws {
        for (text, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"), ("2001:db8:1:2:3:4:5:0", "2001:db8:1:2:3:4:5:0"),
        ] {
            #expect(try Identifier(text) == .address(expected))
        }
    }

    @Test("what is neither is refused")
    func refused() {
        for text in [
            "", ".", "a..b", "-a.com", "a-.com", "a b", "a_b.com", "a/b",
            "*.com", "a.*.com", "**.site.com", "1.2.3", "1.2.3.400",
            "bücher.example", "a\u{0}b", "[::1]", "::1%eth0", String(repeating: "a", count: 64) + ".com",
            String(repeating: "a.", count: 130) + "com", "a.com\r\nHost: b",
        ] {
            #expect(throws: IdentifierError.self) { try Identifier(text) }
        }
    }

    @Test("an address is validated by its reverse name")
    func reverseNames() throws {
        #expect(try Identifier("192.0.2.1").validationServerName == "1.2.0.192.in-addr.arpa")
        #expect(
            try Identifier("2001:db8::1").validationServerName
                == "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        )
        #expect(try Identifier("*.site.com").validationServerName == "site.com")
    }

    @Test("what an authority sends has to be of the type that it says")
    func wire() {
        #expect(Identifier(type: "dns", value: "a.com") == .name("a.com"))
        #expect(Identifier(type: "dns", value: "192.0.2.1") == nil)
        #expect(Identifier(type: "ip", value: "a.com") == nil)
        #expect(Identifier(type: "email", value: "a.com") == nil)
    }

    @Test("a folder is called by it, and no text leads out of the folder")
    func fileNames() throws {
        #expect(try Identifier("*.site.com").fileName == "_wildcard.site.com")
        #expect(try Identifier("2001:db8::1").fileName == "2001-db8--1")
        let authority = AuthoritySettings(directory: "https://a.org:14000/dir/../x", name: "a")
        #expect(authority.folderName == "a.org-14000-dir-..-x")
        #expect(AuthoritySettings(directory: "https://../../x", name: "a").folderName == "-..-..-x")
    }
}
