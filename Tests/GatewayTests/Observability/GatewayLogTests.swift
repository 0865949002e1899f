import Logging
import NIOConcurrencyHelpers
import NIOCore
import Testing
import Time

@testable import Gateway
@testable import GatewayConfiguration

/// The lines of the gateway's own log.
@Suite
struct GatewayLogTests {
    /// What is written for one message at 2026-11-22T21:41:55Z.
    private static func line(
        _ format: LogFormat,
        _ message: Logger.Message,
        _ metadata: Logger.Metadata? = nil,
        level: Logger.Level = .info,
        isForJournal: Bool = false
    ) -> String {
        let written = NIOLockedValueBox("")
        let logger = GatewayLog.logger(
            level: .trace,
            format: format,
            isForJournal: isForJournal,
            clock: WallClock { 1_795_383_715 },
            output: LogOutput { lines in
                written.withLockedValue { $0 += String(buffer: lines) }
                return true
            }
        )
        logger.log(level: level, message, metadata: metadata)
        return written.withLockedValue { $0 }
    }

    @Test("The message stands before what belongs to it, in the order of the keys")
    func theMessageComesFirst() {
        #expect(
            Self.line(.text, "stopping at once", ["signal": "SIGINT", "count": "\(2)"], level: .warning)
                == "2026-11-22T21:41:55Z warning hysteria-gateway: stopping at once count=2 signal=SIGINT\n"
        )
    }

    @Test("A value that would not end at the next space is quoted")
    func valuesAreQuoted() {
        #expect(
            Self.line(.text, "x", ["a": "b c", "d": "", "e": #"say "\""#, "f": "g=h", "i": "ü"], isForJournal: true)
                == #"<6>x a="b c" d="" e="say \"\\\"" f="g=h" i=ü"# + "\n"
        )
    }

    @Test(
        "Nothing ends a line or moves a cursor",
        arguments: ["\n", "\r", "\u{1B}[2J", "\u{9B}1m", "\u{2028}", "\u{202E}", "\0"]
    )
    func linesStayWhole(text: String) {
        for format in LogFormat.allCases {
            let line = Self.line(format, "a\(text)b", ["k\(text)": "v\(text)w"])
            #expect(line.unicodeScalars.map(\.value).filter { $0 < 0x20 } == [10], "\(line)")
            #expect(line.hasSuffix("\n"))
            if format == .text { #expect(!line.dropLast().contains(text)) }
        }
    }

    @Test("The journal gets the severity of RFC 5424 and no time")
    func severities() {
        let expected: [Logger.Level: Int] = [
            .trace: 7, .debug: 7, .info: 6, .notice: 5, .warning: 4, .error: 3, .critical: 2,
        ]
        for level in Logger.Level.allCases {
            #expect(Self.line(.text, "x", level: level, isForJournal: true) == "<\(expected[level] ?? -1)>x\n")
        }
    }

    @Test("As JSON it is one object, and no key of a message takes the place of another")
    func json() {
        #expect(
            Self.line(.json, "say \"x\"", ["address": "[::1]:443", "time": "0"], level: .error)
                == #"{"time":"2026-11-22T21:41:55Z","level":"error","message":"say \"x\"","#
                + #""address":"[::1]:443","time_":"0"}"# + "\n"
        )
    }
}
