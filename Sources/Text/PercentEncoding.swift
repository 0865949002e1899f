/// Percent-encoding (RFC 3986, section 2.1), undone once.
package enum PercentEncoding {
    /// What to do with a `%` that two hexadecimal digits do not follow.
    package enum Malformed {
        /// Nothing is decoded.
        case refused
        /// It stays as it is.
        case kept
    }

    /// The decoded bytes; nil where they are malformed and refused.
    ///
    /// - Parameter plusIsSpace: Whether `+` is a space, as in what HTML forms send.
    package static func decode(
        _ bytes: some Collection<UInt8>,
        plusIsSpace: Bool = false,
        malformed: Malformed = .refused
    ) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).compactMap(\.hexDigitValue)
                if digits.count == 2 {
                    decoded.append(digits[0] << 4 | digits[1])
                    rest = rest.dropFirst(2)
                } else if malformed == .kept {
                    decoded.append(byte)
                } else {
                    return nil
                }
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
            default: decoded.append(byte)
            }
        }
        return decoded
    }
}
