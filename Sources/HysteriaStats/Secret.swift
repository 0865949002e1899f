/// The secret of Hysteria's stats API: bytes that no log, error or dump ever shows.
///
/// It is sent raw as the value of an `Authorization` header, so only what such a value can carry is accepted.
package struct Secret: Sendable, Hashable {
    /// Why some bytes cannot be a secret.
    package enum FormatError: Error, Sendable, Hashable, CustomStringConvertible {
        /// There are no bytes at all. No secret is written as `nil`.
        case empty
        /// A control byte would end or split the header.
        case controlByte
        /// Whitespace around a header value is not part of it, so such a secret can never match.
        case blankAtAnEnd

        /// What is wrong, without the secret.
        package var description: String {
            switch self {
            case .empty: "the secret is empty"
            case .controlByte: "the secret contains a control character, which an HTTP header cannot carry"
            case .blankAtAnEnd: "the secret begins or ends with whitespace, which an HTTP header cannot carry"
            }
        }
    }

    private let bytes: [UInt8]

    /// Checks and keeps the bytes of a secret.
    package init(bytes: some Sequence<UInt8>) throws(FormatError) {
        let bytes = Array(bytes)
        guard let first = bytes.first, let last = bytes.last else { throw .empty }
        for byte in bytes where (byte < 0x20 && byte != 0x09) || byte == 0x7f { throw .controlByte }
        for byte in [first, last] where byte == 0x20 || byte == 0x09 { throw .blankAtAnEnd }
        self.bytes = bytes
    }

    /// Checks and keeps a secret given as text.
    package init(_ text: String) throws(FormatError) {
        try self.init(bytes: text.utf8)
    }

    /// How many bytes the secret has.
    package var count: Int {
        bytes.count
    }

    /// Gives the bytes to a closure, which must not keep the pointer.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same words, whatever the secret is.
    package var description: String {
        "<redacted>"
    }

    /// Always the same words, whatever the secret is.
    package var debugDescription: String {
        "<redacted>"
    }

    /// A mirror without children, so that `dump` shows nothing.
    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
