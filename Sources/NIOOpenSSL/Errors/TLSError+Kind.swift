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
