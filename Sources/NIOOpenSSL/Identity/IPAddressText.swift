import COpenSSL
import Glibc

/// Addresses between the bytes in a certificate and the text that people write.
enum IPAddressText {
    /// Whether `text` is an address and not a host name.
    static func isAddress(_ text: String) -> Bool {
        guard let octets = a2i_IPADDRESS(text) else {
            OpenSSLErrorQueue.clear()
            return false
        }
        ASN1_OCTET_STRING_free(octets)
        return true
    }

    /// The text of 4 or 16 bytes; anything else, which no certificate should hold, in hexadecimal digits.
    static func text(of bytes: [UInt8]) -> String {
        let family: CInt
        switch bytes.count {
        case 4: family = AF_INET
        case 16: family = AF_INET6
        default: return bytes.map { String($0, radix: 16) }.joined(separator: ":")
        }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}
