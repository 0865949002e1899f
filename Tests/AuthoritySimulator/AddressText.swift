import Glibc

/// Addresses as text (RFC 5952, as the system writes them) and as bytes.
enum AddressText {
    static func text(of bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            return nil
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func bytes(of text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    /// The name that stands for an address where only names can (RFC 8738, 6).
    static func reverseName(of bytes: [UInt8]) -> String {
        let parts = bytes.reversed().map { byte in
            bytes.count == 4 ? String(byte) : "\(String(byte & 15, radix: 16)).\(String(byte >> 4, radix: 16))"
        }
        return parts.joined(separator: ".") + (bytes.count == 4 ? ".in-addr.arpa" : ".ip6.arpa")
    }
}
