import COpenSSL
import Foundation
import Testing

@testable import Gateway

@Suite("The page for browsers")
struct PageAnswerTests {
    private static let browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    private let page = PackageResources.page_html

    @Test("browsers get it without a token, and with one", arguments: [nil, APIBench.token, "hg_wrong"])
    func browsers(token: String?) async throws {
        try await APIBench.with { bench in
            for request in ["GET /", "HEAD /"] {
                let answer = await bench.ask(request, token: token, fields: [Self.browser])
                #expect(answer.status == 200)
                #expect(answer.contentType == "text/html; charset=utf-8")
                #expect(answer.body == String(decoding: page, as: UTF8.self))
                #expect(answer.fields["Referrer-Policy"] == "no-referrer")
            }
            #expect(await bench.ask("GET /?format=html", token: token).contentType == "text/html; charset=utf-8")
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test(
        "who does not like it best gets the summary",
        arguments: [
            "*/*", "text/*", "text/plain", "text/plain, text/html", "text/html;q=0, */*;q=0.1",
            "text/html;q=0.5, text/plain",
        ]
    )
    func others(accept: String) async throws {
        try await APIBench.with { bench in
            let answer = await bench.ask("GET /", fields: ["Accept: \(accept)"])
            #expect(answer.contentType == "text/plain; charset=utf-8")
            #expect(await bench.ask("GET /", token: nil, fields: ["Accept: \(accept)"]).status == 401)
            let asked = await bench.ask("GET /?format=json", fields: [Self.browser])
            #expect(asked.contentType == "application/json; charset=utf-8")
        }
    }

    @Test("it is at / alone")
    func elsewhere() async throws {
        try await APIBench.with { bench in
            #expect(await bench.ask("GET /traffic", token: nil, fields: [Self.browser]).status == 401)
            #expect(await bench.ask("GET /traffic?format=html").status == 400)
            #expect(await bench.ask("GET /?format=html&format=text").status == 400)
            #expect(await bench.ask("POST /", token: nil, fields: [Self.browser]).status == 405)
            #expect(await bench.ask("GET /?clear=1", token: nil, fields: [Self.browser]).status == 400)
        }
    }

    @Test("its policy allows its own script and style, by what they are, and nothing from elsewhere")
    func policy() throws {
        let policy = PageAnswer.policy(of: page)
        for name in ["script", "style"] {
            let parts = String(decoding: page, as: UTF8.self).components(separatedBy: "<\(name)>")
            #expect(parts.count == 2, "one \(name), without attributes")
            let content = Array(try #require(parts.last?.components(separatedBy: "</\(name)>").first).utf8)
            #expect(!content.isEmpty)
            var digest = [UInt8](repeating: 0, count: 32)
            SHA256(content, content.count, &digest)
            #expect(policy.contains("\(name)-src 'sha256-\(Data(digest).base64EncodedString())';"))
        }
        #expect(policy.hasPrefix("default-src 'none'; "))
        #expect(!policy.contains("unsafe"))
        for rule in ["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
            #expect(policy.contains(rule))
        }
    }

    @Test("it is small, asks for nothing elsewhere, and writes nobody's text as HTML")
    func content() {
        // The name of SVG elements, which nothing is fetched from.
        let text = String(decoding: page, as: UTF8.self).replacing("http://www.w3.org/2000/svg", with: "")
        #expect(page.count <= 80 * 1024)
        for word in ["http://", "https://", "innerHTML", "insertAdjacentHTML", "eval(", "style=", "onclick=", " src="] {
            #expect(!text.contains(word), "\(word)")
        }
    }
}
