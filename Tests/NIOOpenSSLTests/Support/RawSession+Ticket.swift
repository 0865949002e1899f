import COpenSSL
import Testing

extension RawSession {
    /// What the server gave to the client, encrypted for itself.
    var ticket: [UInt8] {
        var start: UnsafePointer<UInt8>?
        var count = 0
        SSL_SESSION_get0_ticket(pointer, &start, &count)
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// The name of the key that the ticket is encrypted with.
    var keyName: [UInt8] {
        Array(ticket.prefix(16))
    }

    /// The same session with another ticket, as a forger would present it.
    func with(ticket: [UInt8]) throws -> RawSession {
        var start: UnsafeMutablePointer<UInt8>?
        let count = Int(i2d_SSL_SESSION(pointer, &start))
        let encoded = Array(UnsafeBufferPointer(start: start, count: count))
        CRYPTO_free(start, nil, 0)
        let forged = try DER(encoded).replacingTicket(by: ticket)
        let session = forged.withUnsafeBufferPointer { bytes in
            var position = bytes.baseAddress
            return d2i_SSL_SESSION(nil, &position, bytes.count)
        }
        return try RawSession(owning: #require(session))
    }
}

/// As much of DER as it takes to exchange the ticket in an encoded session.
private struct DER {
    private let encoded: [UInt8]

    init(_ encoded: [UInt8]) {
        self.encoded = encoded
    }

    /// The field with the explicit tag 10 is the ticket, as an octet string.
    func replacingTicket(by ticket: [UInt8]) throws -> [UInt8] {
        var content: [UInt8] = []
        var index = try contentStart(0)
        while index < encoded.count {
            let start = try contentStart(index)
            let end = try start + length(index)
            if encoded[index] == 0xAA {
                content += element(0xAA, element(0x04, ticket))
            } else {
                content += encoded[index..<end]
            }
            index = end
        }
        return element(0x30, content)
    }

    private func contentStart(_ index: Int) throws -> Int {
        let first = try #require(encoded.dropFirst(index + 1).first)
        return index + 2 + (first < 0x80 ? 0 : Int(first & 0x7F))
    }

    private func length(_ index: Int) throws -> Int {
        let first = Int(encoded[index + 1])
        guard first >= 0x80 else {
            return first
        }
        return try encoded[(index + 2)..<contentStart(index)].reduce(0) { $0 << 8 | Int($1) }
    }

    private func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + content
    }
}
