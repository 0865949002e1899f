/// The forms of numbers and times of YAML 1.1.
///
/// Each form is tried from the beginning of the text, on a copy.
struct YAML11Scalar {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    /// Whether this is a whole number: decimal, binary, octal, hexadecimal, or to the base of 60.
    var isInteger: Bool {
        isInteger(prefix: "0b", digits: "01_") || isInteger(prefix: "0o", digits: "01234567_")
            || isInteger(prefix: "0", digits: "01234567_") || isInteger(prefix: "0x", digits: "0123456789abcdefABCDEF_")
            || matches { text in
                text.skip("+-")
                return text.skip("0")
            }
            || matches { text in
                text.skip("+-")
                guard text.skip("123456789") else { return false }
                text.skipAll("0123456789_")
                text.skipSixties()
                return true
            }
    }

    /// Whether this is a number with a point, an exponent or a leading zero, or one of the words for no finite one.
    var isNumber: Bool {
        matches { text in
            text.skip("+-")
            guard text.skip("0123456789") else { return false }
            text.skipAll("0123456789_")
            if text.skip(".") { text.skipAll("0123456789_") }
            return text.skipExponent(signed: false)
        }
            || matches { text in
                text.skip(".") && text.skipAll("0123456789_") && text.skipExponent(signed: true)
            }
            || matches { text in
                text.skip("+-")
                guard text.skip("0123456789") else { return false }
                text.skipAll("0123456789_")
                guard text.skipSixties(), text.skip(".") else { return false }
                text.skipAll("0123456789_")
                return true
            }
            || matches { text in
                text.skip("+-")
                return text.skip(word: ".inf") || text.skip(word: ".Inf") || text.skip(word: ".INF")
            }
            || matches { text in
                text.skip(word: ".nan") || text.skip(word: ".NaN") || text.skip(word: ".NAN")
            }
    }

    /// Whether this is a date, or a date with the time of the day.
    var isTimestamp: Bool {
        matches { text in
            text.skipDigits(4...4) && text.skip("-") && text.skipDigits(2...2) && text.skip("-")
                && text.skipDigits(2...2)
        }
            || matches { text in
                guard text.skipDigits(4...4), text.skip("-"), text.skipDigits(1...2), text.skip("-"),
                    text.skipDigits(1...2), text.skip("Tt") || text.skipAll(" \t"), text.skipDigits(1...2),
                    text.skip(":"), text.skipDigits(2...2), text.skip(":"), text.skipDigits(2...2)
                else { return false }
                if text.skip(".") { text.skipAll("0123456789") }
                let hasBlanks = text.skipAll(" \t")
                if text.skip("Z") { return true }
                guard text.skip("+-") else { return !hasBlanks }
                guard text.skipDigits(1...2) else { return false }
                return text.skip(":") ? text.skipDigits(2...2) : true
            }
    }

    private func isInteger(prefix: StaticString, digits: StaticString) -> Bool {
        matches { text in
            text.skip("+-")
            return text.skip(word: prefix) && text.skipAll(digits)
        }
    }

    /// Whether a form takes in all of the text.
    private func matches(_ form: (inout YAML11Scalar) -> Bool) -> Bool {
        var copy = self
        return form(&copy) && copy.rest.isEmpty
    }
}

// MARK: - Steps

extension YAML11Scalar {
    /// Goes past one of these characters.
    @discardableResult
    private mutating func skip(_ characters: StaticString) -> Bool {
        guard let first = rest.first, characters.has(first) else { return false }
        rest.removeFirst()
        return true
    }

    /// Goes past all that follow of these characters; false where there is none.
    @discardableResult
    private mutating func skipAll(_ characters: StaticString) -> Bool {
        guard skip(characters) else { return false }
        while skip(characters) {}
        return true
    }

    /// Goes past a word.
    private mutating func skip(word: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard rest.starts(with: bytes) else { return false }
        rest.removeFirst(bytes.count)
        return true
    }

    /// Goes past as many digits as there are, up to a number.
    private mutating func skipDigits(_ count: ClosedRange<Int>) -> Bool {
        var found = 0
        while found < count.upperBound, skip("0123456789") { found += 1 }
        return count.contains(found)
    }

    /// Goes past an exponent if there is one; false if it is incomplete.
    private mutating func skipExponent(signed: Bool) -> Bool {
        guard skip("eE") else { return true }
        let hasSign = skip("+-")
        return (hasSign || !signed) && skipAll("0123456789")
    }

    /// Goes past the further digits of a number to the base of 60, as in `:30:59`; false where there are none.
    @discardableResult
    private mutating func skipSixties() -> Bool {
        var found = false
        while true {
            var copy = self
            guard copy.skip(":") else { return found }
            if copy.skip("012345") {
                copy.skip("0123456789")
            } else if !copy.skip("6789") {
                return found
            }
            self = copy
            found = true
        }
    }
}

extension StaticString {
    fileprivate func has(_ byte: UInt8) -> Bool {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount).contains(byte)
    }
}
