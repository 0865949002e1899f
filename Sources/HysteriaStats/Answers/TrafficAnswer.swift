import JSON
import NIOCore

/// What each user sent and received since the counters were last cleared.
package struct TrafficAnswer: Sendable, Hashable {
    /// The figures of one user.
    package struct Entry: Sendable, Hashable {
        /// The user's id. It can be any text, and names that were not valid UTF-8 can come more than once.
        package let user: String
        /// Bytes that the user's client uploaded. The counter wraps at 2^64.
        package let tx: UInt64
        /// Bytes that the user's client downloaded.
        package let rx: UInt64

        /// Makes an entry.
        package init(user: String, tx: UInt64, rx: UInt64) {
            self.user = user
            self.tx = tx
            self.rx = rx
        }
    }

    /// The users, in the order of the answer: sorted by the bytes of their names.
    package var entries: [Entry]

    /// Makes an answer.
    package init(entries: [Entry]) {
        self.entries = entries
    }

    /// Reads Hysteria's answer to `traffic`.
    package init(parsing body: ByteBuffer) throws(JSONError) {
        entries = try UserMap.read(body) { (user, reader) throws(JSONError) in
            var (tx, rx): (UInt64?, UInt64?)
            try reader.readObject(of: Self.counters) { (counter, reader) throws(JSONError) in
                switch counter {
                case 0: tx = try reader.readUInt64()
                case 1: rx = try reader.readUInt64()
                default: try reader.skipValue()
                }
            }
            return Entry(
                user: user,
                tx: try tx.required("tx", of: user),
                rx: try rx.required("rx", of: user)
            )
        }
    }

    private static let counters: [StaticString] = ["tx", "rx"]

    /// Writes the answer as Hysteria does.
    package func encoded() -> ByteBuffer {
        UserMap.encode(entries, user: \.user) { entry, body in
            body.writeStaticString("{\"tx\":")
            body.writeDecimal(entry.tx)
            body.writeStaticString(",\"rx\":")
            body.writeDecimal(entry.rx)
            body.writeStaticString("}")
        }
    }
}
