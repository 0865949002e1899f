/// What went wrong in TLS: the kind to decide by, and all that OpenSSL had to say about it.
public struct TLSError: Error, Sendable, Hashable {
    /// What kind of failure this is.
    public let kind: Kind

    /// What failed, in words: a file, a name, a step.
    public let subject: String

    /// OpenSSL's error stack, the oldest entry first. Empty when the failure was not OpenSSL's.
    public let reasons: [Reason]

    /// The file that it is about, if it is about one.
    public let file: String?

    /// What that file is instead of what it should be, as far as that could be found out.
    public let content: FileContent?

    init(
        _ kind: Kind,
        _ subject: String,
        reasons: [Reason] = [],
        file: String? = nil,
        content: FileContent? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.reasons = reasons
        self.file = file
        self.content = content
    }

    /// The same failure, about a file.
    func about(_ file: String) -> TLSError {
        TLSError(kind, subject, reasons: reasons, file: file, content: content)
    }
}

extension TLSError: CustomStringConvertible {
    /// The failure in one line, with OpenSSL's whole error stack.
    public var description: String {
        guard !reasons.isEmpty else { return subject }
        return subject + ": " + reasons.map(\.description).joined(separator: "; ")
    }
}

extension TLSError {
    /// One entry of OpenSSL's error stack.
    public struct Reason: Sendable, Hashable, CustomStringConvertible {
        /// OpenSSL's packed number: library and reason.
        public let code: UInt

        /// OpenSSL's short text for the reason, such as `wrong version number`.
        public let text: String

        /// What OpenSSL added, such as the name of a file. Often empty.
        public let detail: String

        /// The text with the detail.
        public var description: String {
            detail.isEmpty ? text : "\(text) (\(detail))"
        }
    }
}
