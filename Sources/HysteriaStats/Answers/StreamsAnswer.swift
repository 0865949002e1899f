import JSON
import NIOCore

/// The TCP streams that are proxied now. It names the sites that users visit.
package struct StreamsAnswer: Sendable, Hashable {
    /// One proxied TCP stream.
    package struct Stream: Sendable, Hashable {
        /// `init`, `hook`, `connect`, `estab` or `closed`.
        package var state: String
        /// The user's id; `auth` in Hysteria's answer.
        package var user: String
        /// The number of the QUIC connection.
        package var connection: UInt32
        /// The number of the stream in its connection.
        package var stream: UInt64
        /// Where the client wants to go.
        package var requestedAddress: String
        /// Where it goes according to what Hysteria sniffed; often empty.
        package var hookedAddress: String
        /// Bytes that the client uploaded.
        package var tx: UInt64
        /// Bytes that the client downloaded.
        package var rx: UInt64
        /// When the stream began, in RFC 3339 with nanoseconds.
        package var initialAt: String
        /// When a byte last passed, in RFC 3339 with nanoseconds.
        package var lastActiveAt: String

        /// Makes a stream.
        package init(
            state: String,
            user: String,
            connection: UInt32,
            stream: UInt64,
            requestedAddress: String,
            hookedAddress: String,
            tx: UInt64,
            rx: UInt64,
            initialAt: String,
            lastActiveAt: String
        ) {
            self.state = state
            self.user = user
            self.connection = connection
            self.stream = stream
            self.requestedAddress = requestedAddress
            self.hookedAddress = hookedAddress
            self.tx = tx
            self.rx = rx
            self.initialAt = initialAt
            self.lastActiveAt = lastActiveAt
        }
    }

    /// The streams, in the order of the answer: by user, connection and stream.
    package var streams: [Stream]

    /// Makes an answer.
    package init(streams: [Stream]) {
        self.streams = streams
    }

    /// Reads Hysteria's answer to `streams`.
    package init(parsing body: ByteBuffer) throws(JSONError) {
        var streams: [Stream]?
        try body.readingJSON { (reader) throws(JSONError) in
            try reader.readObject { (key, reader) throws(JSONError) in
                guard key == "streams" else { return try reader.skipValue() }
                var list: [Stream] = []
                if !reader.readNull() {
                    try reader.readArray { (reader) throws(JSONError) in list.append(try Stream(&reader)) }
                }
                streams = list
            }
        }
        guard let streams else { throw JSONError(offset: 0, reason: "'streams' is missing") }
        self.streams = streams
    }

    /// Writes the answer as Hysteria does, with a newline at its end.
    package func encoded() -> ByteBuffer {
        var body = ByteBuffer()
        body.writeStaticString("{\"streams\":[")
        for (index, stream) in streams.enumerated() {
            if index > 0 { body.writeStaticString(",") }
            stream.write(into: &body)
        }
        body.writeStaticString("]}\n")
        return body
    }
}

extension StreamsAnswer.Stream {
    private static let members: [StaticString] = [
        "state", "auth", "connection", "stream", "req_addr", "hooked_req_addr", "tx", "rx", "initial_at",
        "last_active_at",
    ]

    fileprivate init(_ reader: inout JSONReader) throws(JSONError) {
        var (state, user, requested, hooked): (String?, String?, String?, String?)
        var (initial, lastActive): (String?, String?)
        var (connection, stream, tx, rx): (UInt64?, UInt64?, UInt64?, UInt64?)
        try reader.readObject(of: Self.members) { (member, reader) throws(JSONError) in
            switch member {
            case 0: state = try reader.readString()
            case 1: user = try reader.readString()
            case 2: connection = try reader.readUInt64()
            case 3: stream = try reader.readUInt64()
            case 4: requested = try reader.readString()
            case 5: hooked = try reader.readString()
            case 6: tx = try reader.readUInt64()
            case 7: rx = try reader.readUInt64()
            case 8: initial = try reader.readString()
            case 9: lastActive = try reader.readString()
            default: try reader.skipValue()
            }
        }
        let number = try connection.required("connection", of: nil)
        guard let connection = UInt32(exactly: number) else {
            throw JSONError(offset: 0, reason: "the 'connection' of a stream is larger than 2^32-1")
        }
        self.init(
            state: try state.required("state", of: nil),
            user: try user.required("auth", of: nil),
            connection: connection,
            stream: try stream.required("stream", of: nil),
            requestedAddress: try requested.required("req_addr", of: nil),
            hookedAddress: try hooked.required("hooked_req_addr", of: nil),
            tx: try tx.required("tx", of: nil),
            rx: try rx.required("rx", of: nil),
            initialAt: try initial.required("initial_at", of: nil),
            lastActiveAt: try lastActive.required("last_active_at", of: nil)
        )
    }

    fileprivate func write(into body: inout ByteBuffer) {
        body.writeStaticString("{\"state\":")
        body.writeJSONString(state)
        body.writeStaticString(",\"auth\":")
        body.writeJSONString(user)
        body.writeStaticString(",\"connection\":")
        body.writeDecimal(UInt64(connection))
        body.writeStaticString(",\"stream\":")
        body.writeDecimal(stream)
        body.writeStaticString(",\"req_addr\":")
        body.writeJSONString(requestedAddress)
        body.writeStaticString(",\"hooked_req_addr\":")
        body.writeJSONString(hookedAddress)
        body.writeStaticString(",\"tx\":")
        body.writeDecimal(tx)
        body.writeStaticString(",\"rx\":")
        body.writeDecimal(rx)
        body.writeStaticString(",\"initial_at\":")
        body.writeJSONString(initialAt)
        body.writeStaticString(",\"last_active_at\":")
        body.writeJSONString(lastActiveAt)
        body.writeStaticString("}")
    }
}
