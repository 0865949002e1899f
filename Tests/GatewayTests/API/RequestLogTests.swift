import HysteriaStats
import Testing

@testable import Gateway

@Suite("Requests are logged without anything secret", .timeLimit(.minutes(5)))
struct RequestLogTests {
    @Test("no log line has anything of a token or a secret")
    func tokensStayOut() async throws {
        var lines: [String] = []
        lines += try await APIBench.with { bench in
            let token = APIBench.token
            let random = token.dropFirst(3)
            for target in [
                "/traffic?token=\(token)", "/\(token)", "/traffic?hg%5F\(random)", "/%68g_\(random)",
                "/hg_%30\(random)",
                "/%2568g_\(random)", "/nope?access_token=correct+horse+battery", "/?correct+horse+battery",
                "/traffic?format=json&x=correct-horse-battery&clear=0",
            ] {
                _ = await bench.ask("GET \(target)", fields: ["User-Agent: curl \(token)", "Cookie: \(token)"])
            }
            _ = await bench.ask("\(token) /traffic", token: nil)
            await bench.hysteria.set(fault: .status(401))
            _ = await bench.ask("GET /traffic?clear=1", fate: .lost)
            lines += bench.log.lines
        }
        #expect(lines.count == 12)
        for line in lines {
            #expect(!line.contains("0123456789abc"), "\(line)")
            #expect(!line.contains("horse"), "\(line)")
            #expect(!line.contains(APIBench.secret), "\(line)")
        }
    }

    @Test("a request is logged with the name of its token")
    func accessLog() async throws {
        let lines = try await APIBench.with { bench in
            _ = await bench.ask("GET /traffic?clear=0", fields: ["User-Agent: curl/8"])
            _ = await bench.ask("GET /nope", token: nil)
        }
        #expect(lines.count == 2)
        #expect(
            lines.first?.contains(#" - all [01/Jan/1970:00:33:20 +0000] "GET /traffic?clear=0 HTTP/1.1" 200 "#) == true
        )
        #expect(lines.first?.contains(#" "-" "curl/8" "#) == true)
        #expect(lines.last?.hasPrefix("192.0.2.7 - - [") == true)
    }
}
