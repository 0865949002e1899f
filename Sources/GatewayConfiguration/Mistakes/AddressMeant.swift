import Access
import Text

/// What a text is meant to say that is no address yet: a URL, a port alone, a host alone, words of nginx after it.
struct AddressMeant {
    /// What an address is for: the host and port to add where one is lacking.
    package struct Purpose {
        /// The host before a lone port; empty where a port may stand alone.
        package let host: String
        /// The port after a lone host.
        package let port: Int
        /// What is to be known of that port.
        let ofPort: String

        /// An address to listen on.
        package static let listening = Purpose(host: "", port: 443, ofPort: "with the port to listen on")
        /// The address of Hysteria's stats API.
        package static let upstream = Purpose(
            host: "127.0.0.1",
            port: 9999,
            ofPort: "with the port of trafficStats.listen in Hysteria's file"
        )
    }

    /// What to write instead, in words; nil where nothing can be told.
    package let expected: String?

    init(_ written: String, for purpose: Purpose) {
        let text = String(
            ConfusableCharacter.ordinary(written).replacing(" :", with: ":").drop { "\"' ".contains($0) }.reversed()
                .drop { "\"' ".contains($0) }.reversed()
        )
        guard !Excerpt.mayBeSecret(text), text.utf8.count <= 80 else {
            expected = nil
            return
        }
        if text.contains(",") {
            let parts = text.split { ", ".contains($0) }.map { Self.address(String($0), purpose)?.text }
            let whole = parts.compactMap { $0 }
            expected =
                purpose.host.isEmpty && whole.count == parts.count && whole.count > 1
                ? "a list: [\(whole.map { "\"\($0)\"" }.joined(separator: ", "))]" : nil
            return
        }
        var reasons: [String] = []
        var rest = text[...]
        if let scheme = rest.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.-]*:\/\//) {
            reasons.append("without '\(scheme.output.lowercased())'")
            rest = rest[scheme.range.upperBound...]
        }
        if let at = rest.lastIndex(of: "@") {
            // What stands before it is a password.
            reasons.append("without a user")
            rest = rest[rest.index(after: at)...]
        }
        if let blank = rest.firstIndex(of: " ") {
            reasons.append("without what follows it")
            rest = rest[..<blank]
        }
        if let slash = rest.firstIndex(of: "/") {
            if rest[slash...] != "/" || reasons.isEmpty { reasons.append("without '\(rest[slash...])'") }
            rest = rest[..<slash]
        }
        guard let address = Self.address(String(rest), purpose) else {
            expected = nil
            return
        }
        if address.lacksPort { reasons.append(purpose.ofPort) }
        expected = (["\"\(address.text)\""] + reasons).joined(separator: ", ")
    }

    /// Quotes a text that is meant to be an address; what stands before an `@` is a password.
    package static func quote(_ text: String) -> String {
        if text.contains("@") { return "an address with a user and a password" }
        // What has neither a full stop nor a colon may be the secret in the wrong place.
        let isAddress = text.isEmpty || text == "localhost" || text.contains { ".:/ ：".contains($0) }
        return isAddress || text.allSatisfy(\.isNumber) ? Excerpt.quote(text) : "a text of \(text.count) characters"
    }

    private static func address(_ text: String, _ purpose: Purpose) -> (text: String, lacksPort: Bool)? {
        if let port = port(text) ?? text.wholeMatch(of: /(?:\*|):([0-9]+)/).flatMap({ port(String($0.1)) }) {
            return ("\(purpose.host):\(port)", false)
        }
        if let parsed = try? AddressText(text) {
            // A gateway listens on addresses; names are what certificates are for.
            let isName = IPAddress(parsed.host) == nil
            guard purpose.host.isEmpty, isName, parsed.host != "localhost" else { return (text, false) }
            return (":\(parsed.port)", false)
        }
        if let bracketed = text.wholeMatch(of: /\[([^\]]+)\]/), let address = IPAddress(bracketed.1), !address.isIPv4 {
            return ("\(text):\(purpose.port)", true)
        }
        if text.contains(":") {
            // `::1:443` is an address, too; who writes it here means the port.
            if let colon = text.lastIndex(of: ":"), let port = port(String(text[text.index(after: colon)...])),
                IPAddress(text[..<colon]) != nil
            {
                return ("[\(text[..<colon])]:\(port)", false)
            }
            return IPAddress(text) == nil ? nil : ("[\(text)]:\(purpose.port)", true)
        }
        guard IPAddress(text) != nil || text == "localhost" || isName(text) else { return nil }
        let isListening = purpose.host.isEmpty
        if isListening, text == "localhost" { return ("127.0.0.1:\(purpose.port)", true) }
        return (isListening && IPAddress(text) == nil ? ":\(purpose.port)" : "\(text):\(purpose.port)", true)
    }

    /// Only what has a full stop is taken for a name: the rest could be a password in the wrong place.
    private static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z0-9-]*/) != nil
    }

    private static func port(_ text: String) -> Int? {
        guard text.utf8.allSatisfy(\.isDigit), let port = Int(text),
            (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
