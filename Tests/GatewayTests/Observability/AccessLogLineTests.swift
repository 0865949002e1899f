import Foundation
import NIOCore
import Testing

@testable import Access
@testable import Gateway
@testable import GatewayConfiguration
@testable import HTTPServer

@Suite("A line of the access log is one line, whatever was sent")
struct AccessLogLineTests {
    private static let peer = try? SocketAddress(ipAddress: "192.0.2.7", port: 4711)

    private let redaction = LogRedaction(tokens: TokenTable([]), secrets: [], known: .api)

    private func record(_ text: String) throws -> AccessRecord {
        AccessRecord(try HTTP1HeadParser.parse(ByteBuffer(string: text)).request, redaction)
    }

    private func line(
        _ format: LogFormat,
        _ record: AccessRecord?,
        peer: SocketAddress? = peer,
        token: String? = "phone",
        certificateSubject: String? = nil,
        duration: TimeAmount? = .microseconds(1_234),
        isLost: Bool = false
    ) -> String {
        var line = AccessLogLine(format: format)
        var buffer = ByteBuffer()
        line.write(
            record,
            peer: peer,
            token: token,
            certificateSubject: certificateSubject,
            status: .ok,
            contentLength: 17,
            duration: duration,
            isLost: isLost,
            now: 951_827_696,
            into: &buffer
        )
        return String(buffer: buffer)
    }

    @Test("in the combined format")
    func text() throws {
        let record = try record("GET /traffic?clear=0 HTTP/1.0\r\nUser-Agent: curl/8.0\r\n\r\n")
        #expect(
            line(.text, record) == """
                192.0.2.7 - phone [29/Feb/2000:12:34:56 +0000] "GET /traffic?clear=0 HTTP/1.0" 200 17 "-" "curl/8.0" 0.001234

                """
        )
    }

    @Test("and says lost if the answer did not leave")
    func lost() throws {
        let record = try record("GET /traffic HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(line(.text, record, isLost: true).hasSuffix(" 200 17 \"-\" \"-\" 0.001234 lost\n"))
        #expect(line(.json, record, isLost: true).hasSuffix(",\"userAgent\":null,\"lost\":true}\n"))
    }

    @Test("as one JSON object")
    func json() throws {
        let record = try record("GET /traffic HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(
            line(.json, record) == """
                {"time":"2000-02-29T12:34:56Z","address":"192.0.2.7","token":"phone","method":"GET","target":"/traffic",\
                "version":"HTTP/1.1","status":200,"bytes":17,"seconds":0.001234,"userAgent":null}

                """
        )
    }

    @Test("with whom the caller's certificate is for, if it showed one")
    func certificate() throws {
        let record = try record("GET /traffic HTTP/1.1\r\nHost: a\r\n\r\n")
        let subject = "CN=a \"phone\",O=Ex\\, Inc\u{7F}"
        #expect(
            line(.text, record, certificateSubject: subject)
                .hasSuffix(#" 0.001234 "CN=a \x22phone\x22,O=Ex\x5C, Inc\x7F""# + "\n")
        )
        #expect(line(.json, record, certificateSubject: "CN=\"a\"").hasSuffix(#","certificate":"CN=\"a\""}"# + "\n"))
    }

    @Test("for a request that could not be read", arguments: LogFormat.allCases)
    func unreadable(format: LogFormat) {
        let text = line(format, nil, peer: nil, token: nil, duration: nil)
        #expect(text.hasSuffix("\n"))
        switch format {
        case .text: #expect(text == "- - - [29/Feb/2000:12:34:56 +0000] \"\" 200 17 \"-\" \"-\" 0.000000\n")
        case .json: #expect(text.contains(#""token":null,"method":null,"target":null"#))
        }
    }

    @Test(
        "quotes, backslashes, controls and what is not ASCII are escaped",
        arguments: [
            #"a"b"#, #"a\b"#, #"a\"b"#, "gr\u{FC}n", "a\u{9B}2J", "a\u{202E}b", "a\u{2028}b", "a\u{FFFD}", "a\tb",
        ]
    )
    func escapes(agent: String) throws {
        let record = try record("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \(agent)\r\n\r\n")
        let text = line(.text, record)
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A })
        #expect(text.utf8.filter { $0 == 0x0A }.count == 1)
        #expect(text.filter { $0 == "\"" }.count == 6)

        let json = line(.json, record)
        #expect(json.utf8.filter { $0 == 0x0A }.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["userAgent"] as? String == agent)
    }

    @Test("bytes that are no text do no harm")
    func invalidUTF8() throws {
        let bytes =
            Array("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: a".utf8) + [0xFF, 0xC3, 0x9B] + Array("\r\n\r\n".utf8)
        let record = AccessRecord(try HTTP1HeadParser.parse(ByteBuffer(bytes: bytes)).request, redaction)
        #expect(line(.text, record).utf8.allSatisfy { $0 < 0x7F })
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line(.json, record).utf8)) }
    }

    @Test("and not a long one")
    func length() throws {
        let long = String(repeating: "x", count: 5_000)
        let record = try record("\(long) /\(long) HTTP/1.1\r\nHost: a\r\nUser-Agent: \(long)\r\n\r\n")
        #expect(line(.text, record).utf8.count < 1_700)
        #expect(line(.json, record).utf8.count < 1_800)
    }

    @Test(
        "an IPv4 caller is named as such, on whatever listener",
        arguments: [("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::1"), ("::1", "::1")]
    )
    func address(address: String, expected: String) throws {
        let peer = try SocketAddress(ipAddress: address, port: 1)
        #expect(line(.text, nil, peer: peer).hasPrefix("\(expected) "))
        #expect(line(.json, nil, peer: peer).contains(#""address":"\#(expected)""#))
    }

    @Test("time is written anew when it has moved")
    func time() {
        var line = AccessLogLine(format: .json)
        var buffer = ByteBuffer()
        for now in [0, 0, 1, -1] as [Int64] {
            line.write(
                nil,
                peer: nil,
                token: nil,
                status: .ok,
                contentLength: 0,
                duration: nil,
                now: now,
                into: &buffer
            )
        }
        let times = String(buffer: buffer).split(separator: "\n").map { $0.dropFirst(9).prefix(20) }
        #expect(
            times == ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", "1969-12-31T23:59:59Z"]
        )
    }
}
