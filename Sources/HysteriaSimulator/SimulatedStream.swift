import HysteriaStats
import Text

/// A proxied stream of the simulation, with its moments in nanoseconds since 1970.
struct SimulatedStream {
    let user: String
    let connection: UInt32
    let number: UInt64
    let address: String
    let initialAt: Int64
    var lastActiveAt: Int64
    var state = "connect"
    var tx: UInt64 = 0
    var rx: UInt64 = 0

    /// The stream as the JSON answer has it.
    var answer: StreamsAnswer.Stream {
        StreamsAnswer.Stream(
            state: state,
            user: user,
            connection: connection,
            stream: number,
            requestedAddress: address,
            hookedAddress: "",
            tx: tx,
            rx: rx,
            initialAt: SimulatorTime(nanosecondsSince1970: initialAt).rfc3339,
            lastActiveAt: SimulatorTime(nanosecondsSince1970: lastActiveAt).rfc3339
        )
    }

    /// The line of the stream in the text table. Names go in raw: what they do to a terminal is the reader's problem,
    /// and ours, should we ever relay this table.
    func line(now: Int64) -> String {
        return Self.line([
            state.uppercased(),
            user,
            HexText.of(connection, width: 8, uppercase: true),
            String(number),
            String(tx),
            String(rx),
            SimulatorDuration(nanoseconds: now - initialAt).description,
            SimulatorDuration(nanoseconds: now - lastActiveAt).description,
            address,
            "-",
        ])
    }

    /// The first line of the table.
    static let header = Self.line([
        "State", "Auth", "Connection", "Stream", "TX-Bytes", "RX-Bytes", "Lifetime", "Last-Active", "Req-Addr",
        "Hooked-Req-Addr",
    ])

    private static func line(_ columns: [String]) -> String {
        // A negative width puts the spaces after the text.
        let widths = [-8, -12, 12, 8, 12, 12, 12, 12, -16, 0]
        return zip(columns, widths).map { text, width in
            let blanks = String(repeating: " ", count: max(0, abs(width) - text.unicodeScalars.count))
            return width < 0 ? text + blanks : blanks + text
        }.joined(separator: " ") + "\n"
    }
}
