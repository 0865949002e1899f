import HysteriaStats
import NIOCore
import Text

/// The open streams, in Hysteria's order: by user, connection and stream.
package enum StreamsTable {
    package static func write(_ answer: StreamsAnswer, into buffer: inout ByteBuffer) {
        var table = TextTable([
            ("STATE", .left), ("USER", .left), ("CONNECTION", .left), ("STREAM", .right), ("ADDRESS", .left),
            ("UP", .right), ("DOWN", .right), ("BEGAN", .left), ("LAST ACTIVE", .left),
        ])
        for stream in answer.streams {
            table.add([
                DisplayText.escape(stream.state),
                DisplayText.escape(stream.user),
                // As Hysteria's own table writes it, which its log can be searched for.
                paddedHex(stream.connection),
                String(stream.stream),
                address(of: stream),
                ByteCount(stream.tx).description,
                ByteCount(stream.rx).description,
                toSecond(stream.initialAt),
                toSecond(stream.lastActiveAt),
            ])
        }
        table.write(into: &buffer)
        buffer.writeString(answer.streams.count == 1 ? "(1 stream)\n" : "(\(answer.streams.count) streams)\n")
    }

    /// Where the stream goes: what Hysteria sniffed, if it did, otherwise what was asked for.
    private static func address(of stream: StreamsAnswer.Stream) -> String {
        DisplayText.escape(stream.hookedAddress.isEmpty ? stream.requestedAddress : stream.hookedAddress)
    }

    private static func paddedHex(_ number: UInt32) -> String {
        HexText.of(number, width: 8, uppercase: true)
    }

    /// `2026-08-01T10:00:00.123456789Z` without the fraction. The zone stays: it is the server's own.
    private static func toSecond(_ time: String) -> String {
        guard let dot = time.firstIndex(of: ".") else { return DisplayText.escape(time) }
        let zone = time[dot...].drop { $0 == "." || $0.isASCII && $0.isNumber }
        return DisplayText.escape(time[..<dot] + zone)
    }
}
