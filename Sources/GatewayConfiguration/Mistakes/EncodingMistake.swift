/// Bytes that are no text in UTF-8, with what they probably are.
struct EncodingMistake {
    package let line: Int?
    package let found: String
    package let expected: String
    package let advice: String?

    /// Nil for UTF-8.
    init?(_ bytes: [UInt8]) {
        // Text in ASCII has a zero in every other byte then; without the mark, editors of Windows do that, too.
        let pairs = bytes.prefix(256)
        let zeros = pairs.indices.filter { pairs[$0] == 0 }
        let isEveryOther = zeros.count * 3 > pairs.count && Set(zeros.map { $0 % 2 }).count == 1
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || isEveryOther {
            line = nil
            found = "the file is in UTF-16, as some editors of Windows save it"
            expected = "UTF-8"
            advice = "save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 FILE"
        } else if bytes.starts(with: "-----BEGIN".utf8) {
            line = 1
            found = "the file is PEM, a certificate or a key"
            expected = "the configuration, in YAML"
            advice = nil
        } else if String(validating: bytes, as: UTF8.self) == nil {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
            found = "bytes that are not UTF-8"
            expected = "a text file in UTF-8"
            advice = "save it as UTF-8, or delete what is not ASCII in this line"
        } else {
            return nil
        }
    }
}
