/// What the extensions of a ClientHello say, before OpenSSL has looked at them. The bytes are a client's: anything can be in them.
enum ClientHelloExtension {
    /// The host name in a server_name extension (RFC 6066, 3); nil where there is none.
    static func hostName(in bytes: UnsafeBufferPointer<UInt8>) -> String? {
        // The length of the list, the type of its first entry, the length of that.
        guard bytes.count > 5, Int(bytes[0]) << 8 | Int(bytes[1]) == bytes.count - 2, bytes[2] == 0 else { return nil }
        let count = Int(bytes[3]) << 8 | Int(bytes[4])
        guard count > 0, count <= bytes.count - 5 else { return nil }
        let name = UnsafeBufferPointer(rebasing: bytes[5..<5 + count])
        return name.contains(0) ? nil : String(validating: name, as: UTF8.self)
    }

    /// Whether an application_layer_protocol_negotiation extension (RFC 7301, 3.1) offers this protocol and no other.
    static func offersOnly(_ name: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > 2, Int(bytes[0]) << 8 | Int(bytes[1]) == bytes.count - 2 else { return false }
        return isOnly(name, in: UnsafeBufferPointer(rebasing: bytes.dropFirst(2)))
    }

    /// Whether a list of protocols, each with its length before it (RFC 7301, 3.1), has this one and no other.
    static func isOnly(_ name: StaticString, in list: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = name.utf8CodeUnitCount
        guard list.count == count + 1, Int(list[0]) == count else { return false }
        return name.withUTF8Buffer { $0.elementsEqual(list.dropFirst()) }
    }
}
