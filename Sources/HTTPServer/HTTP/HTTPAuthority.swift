import Glibc
import Text

/// `uri-host [":" port]`, the authority of a request (RFC 9112, section 3.2, and RFC 3986, section 3.2.2), without a user.
enum HTTPAuthority {
    /// Whether `bytes` are one, and not an empty name, which no http or https URI can have (RFC 9110, section 4.2).
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let end = bytes.first == UInt8(ascii: "[") ? endOfLiteral(bytes) : endOfName(bytes) else { return false }
        guard end < bytes.count else { return true }
        return bytes[end] == UInt8(ascii: ":") && bytes[(end + 1)...].allSatisfy { $0.isDigit }
    }

    /// Where a `reg-name`, among which are IPv4 addresses, ends; nil where there is none.
    @inline(__always)
    private static func endOfName(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var index = 0
        while index < bytes.count {
            if HTTPGrammar.isHostName(bytes[index]) {
                index += 1
            } else if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, bytes[index + 1].hexDigitValue != nil,
                    bytes[index + 2].hexDigitValue != nil
                else { return nil }
                index += 3
            } else {
                break
            }
        }
        return index > 0 ? index : nil
    }

    /// Where an address in brackets ends; nil where there is none.
    private static func endOfLiteral(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let address = UnsafeRawBufferPointer(rebasing: bytes[1..<end])
        return isIPv6(address) || isFuture(address) ? end + 1 : nil
    }

    private static func isIPv6(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let longest = Int(INET6_ADDRSTRLEN) - 1
        guard bytes.count <= longest, !bytes.contains(0) else { return false }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest + 1) { text in
            text.initialize(repeating: 0)
            UnsafeMutableRawBufferPointer(text).copyMemory(from: bytes)
            var address = in6_addr()
            return inet_pton(AF_INET6, text.baseAddress, &address) == 1
        }
    }

    /// `IPvFuture`: of a version that is yet to come.
    private static func isFuture(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first, first | 0x20 == UInt8(ascii: "v"),
            let dot = bytes.firstIndex(of: UInt8(ascii: "."))
        else { return false }
        let version = bytes[1..<dot]
        let address = bytes[(dot + 1)...]
        return !version.isEmpty && version.allSatisfy { $0.hexDigitValue != nil } && !address.isEmpty
            && address.allSatisfy { HTTPGrammar.isHostName($0) || $0 == UInt8(ascii: ":") }
    }
}
