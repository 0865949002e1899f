import Access
import NIOCore
import Text

/// An origin as browsers send it (RFC 6454, section 6.2): scheme, host, and a port that is not the scheme's own.
enum OriginText {
    /// What is wrong with a text that is meant to be an origin.
    struct ParseError: Error {
        /// What browsers write for it, if it has an origin at all.
        package var meant: String?
    }

    private static let usualPorts = ["https": "443", "http": "80"]

    /// Checks that a text is an origin, and written as browsers write it: anything else would never match.
    package static func check(_ text: String) throws(ParseError) {
        guard let canonical = canonical(text) else { throw ParseError(meant: nil) }
        guard canonical == text else { throw ParseError(meant: canonical) }
    }

    /// What browsers write for an address; nil where it has no origin. Apps have schemes of their own (`capacitor://…`).
    private static func canonical(_ text: String) -> String? {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard let first = scheme.utf8.first, isLetter(first), scheme.utf8.allSatisfy(isScheme) else { return nil }
        let authority = text[mark.upperBound...].prefix { !"/?#".contains($0) }.lowercased()
        let isBracketed = authority.hasPrefix("[")
        let colon = authority[(authority.lastIndex(of: "]") ?? authority.startIndex)...].firstIndex(of: ":")
        let end = colon ?? authority.endIndex
        guard let host = isBracketed ? bracketed(authority[..<end]) : name(authority[..<end]),
            let port = port(authority[end...])
        else { return nil }
        return "\(scheme)://\(host)" + (port.isEmpty || port == usualPorts[scheme] ? "" : ":\(port)")
    }

    /// An address of IPv6, in its shortest form.
    private static func bracketed(_ host: Substring) -> String? {
        guard host.hasSuffix("]"), let address = IPAddress(host.dropFirst().dropLast()), !address.isIPv4 else {
            return nil
        }
        let text = try? SocketAddress(ipAddress: String(host.dropFirst().dropLast()), port: 0).ipAddress
        return text.flatMap { $0 }.map { "[\($0)]" }
    }

    /// A name, or an address of IPv4. What ends with a number is an address, or nothing.
    private static func name(_ host: Substring) -> String? {
        guard !host.isEmpty, host.utf8.allSatisfy(isHost) else { return nil }
        let isNumber = host.split(separator: ".").last.map { $0.utf8.allSatisfy(\.isDigit) } ?? true
        return isNumber && IPAddress(host) == nil ? nil : String(host)
    }

    /// The digits after a colon, if there are any.
    private static func port(_ text: Substring) -> String? {
        let digits = text.dropFirst()
        guard !digits.isEmpty else { return "" }
        guard digits.utf8.allSatisfy(\.isDigit), let number = UInt16(digits), number > 0 else { return nil }
        return "\(number)"
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isScheme(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte.isDigit || "+-.".utf8.contains(byte)
    }

    private static func isHost(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte.isDigit || "-._".utf8.contains(byte)
    }
}
