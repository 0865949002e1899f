/// The lines of a text that begin and end objects in PEM form, whatever lies between them.
struct PEMOutline {
    /// The labels, such as `CERTIFICATE`, with the lines on which they begin, counted from 1.
    private(set) var labels: [(label: String, line: Int)] = []
    private var ends = 0
    private var isEncrypted = false
    private var indentedLine: Int?
    private let text: String

    init(_ bytes: [UInt8]) {
        text = String(decoding: bytes, as: UTF8.self)
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            isEncrypted = isEncrypted || line.hasPrefix("Proc-Type: 4,ENCRYPTED")
            if line.contains("-----END ") { ends += 1 }
            guard let start = line.firstRange(of: "-----BEGIN ") else { continue }
            let label = line[start.upperBound...]
            labels.append((String(label[..<(label.firstRange(of: "-----")?.lowerBound ?? label.endIndex)]), number))
            // What follows the end of another object begins a line once that is mended.
            if indentedLine == nil, line[..<start.lowerBound].contains(where: \.isWhitespace),
                !line.contains("-----END ")
            {
                indentedLine = number
            }
        }
    }

    /// The line on which object number `index` with one of these labels begins, counted from 0.
    func line(of index: Int, labelled known: Set<String>) -> Int? {
        let lines = labels.filter { known.contains($0.label) }.map(\.line)
        return lines.indices.contains(index) ? lines[index] : nil
    }

    /// What the text is.
    var content: FileContent {
        guard let first = labels.first(where: { !$0.label.hasSuffix("PARAMETERS") }) ?? labels.first else {
            return contentWithoutLabels
        }
        // A whole object on one line, its line breaks spelt out, as environment variables and JSON hold it.
        if text.contains("-----\\n") { return text.first == "{" ? .json : .escapedNewlines }
        if let indentedLine { return .indented(line: indentedLine) }
        if ends < labels.count { return .cutOff(line: labels.last?.line ?? 1) }
        switch first.label {
        case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE": return .certificate
        case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST": return .signingRequest
        case "X509 CRL": return .revocationList
        case "PKCS7", "CMS": return .pkcs7(isPEM: true)
        case "OPENSSH PRIVATE KEY": return .opensshKey
        case "ENCRYPTED PRIVATE KEY": return .encryptedKey
        case let label where label.hasSuffix("PRIVATE KEY"): return isEncrypted ? .encryptedKey : .privateKey
        case let label where label.hasSuffix("PUBLIC KEY"): return .publicKey
        case let label where label.hasSuffix("PARAMETERS"): return .parameters
        default: return .unknown
        }
    }

    private var contentWithoutLabels: FileContent {
        let start = text.drop(while: \.isWhitespace)
        if start.first == "<" { return .html }
        if start.first == "{" || start.first == "[" { return .json }
        let isBase64 = start.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), 0x0A,
                0x0D:
                true
            default:
                false
            }
        }
        return isBase64 && start.hasPrefix("M") && start.utf8.count > 100 ? .bareBase64 : .unknown
    }
}

extension PEMOutline {
    /// The text as OpenSSL reads it: without a byte order mark, and with the line break that files lack which were put
    /// one after the other without one at the end of the first.
    static func mended(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let joint = Array("----------BEGIN ".utf8)
        var mended: [UInt8] = []
        var copied = 0
        var rest = bytes[...]
        while let found = rest.firstRange(of: joint) {
            let cut = found.lowerBound + 5
            mended += bytes[copied..<cut]
            mended.append(UInt8(ascii: "\n"))
            copied = cut
            rest = bytes[found.upperBound...]
        }
        return copied == 0 ? bytes : mended + bytes[copied...]
    }
}
