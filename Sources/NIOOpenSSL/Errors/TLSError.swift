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

extension TLSError {
    /// The kinds of failure. More may come: a `switch` over them needs a default.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Backing: String {
            case configuration, file, certificate, privateKey, keyMismatch
            case handshakeFailed, handshakeTimedOut, plainText, verificationFailed
            case uncleanShutdown, engine, noProgress, peerDoesNotRead
        }

        private let backing: Backing

        private init(_ backing: Backing) {
            self.backing = backing
        }

        /// A setting that this OpenSSL does not accept.
        public static let configuration = Kind(.configuration)
        /// A file that cannot be read.
        public static let file = Kind(.file)
        /// A certificate that cannot be read or used.
        public static let certificate = Kind(.certificate)
        /// A private key that cannot be read or used.
        public static let privateKey = Kind(.privateKey)
        /// A private key that does not belong to its certificate.
        public static let keyMismatch = Kind(.keyMismatch)
        /// The peer and this side found no way to an encrypted connection.
        public static let handshakeFailed = Kind(.handshakeFailed)
        /// The peer did not finish the handshake in time.
        public static let handshakeTimedOut = Kind(.handshakeTimedOut)
        /// The peer speaks plain HTTP where TLS was expected.
        public static let plainText = Kind(.plainText)
        /// The peer's certificate is not trusted or not for the name that was asked for.
        public static let verificationFailed = Kind(.verificationFailed)
        /// The peer ended the TCP connection without ending TLS: what it sent last may be cut off.
        public static let uncleanShutdown = Kind(.uncleanShutdown)
        /// A record that cannot be decrypted, or another breach of the protocol after the handshake.
        public static let engine = Kind(.engine)
        /// OpenSSL neither consumed nor produced anything. A defect, reported instead of looping for ever.
        public static let noProgress = Kind(.noProgress)
        /// The peer makes this side answer protocol messages and never reads the answers.
        public static let peerDoesNotRead = Kind(.peerDoesNotRead)

        /// The name of the kind.
        public var description: String {
            backing.rawValue
        }
    }
}

/// Failures that come from the peer's behaviour, not from the engine.
extension TLSError {
    static let endOfStreamInHandshake = TLSError(
        .handshakeFailed,
        "the peer closed the connection before the TLS handshake was complete"
    )
    static let truncated = TLSError(
        .uncleanShutdown,
        "the peer closed the TCP connection without closing TLS; its last data may be cut off"
    )
    static let handshakeTimedOut = TLSError(
        .handshakeTimedOut,
        "the peer did not complete the TLS handshake in time"
    )
    static let peerDoesNotRead = TLSError(
        .peerDoesNotRead,
        "the peer asks for protocol messages and does not read them"
    )
}
