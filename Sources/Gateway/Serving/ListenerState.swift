import NIOOpenSSL

/// What the connections of one listener are served by, besides what those of all listeners have in common.
struct ListenerState: Sendable {
    /// The address, with what the configuration says of it.
    let settings: ListenSettings
    /// The authorities for client certificates here, as read from their files; nil if none are requested.
    let clientVerification: TLSClientVerification?
    /// What new connections are encrypted by; the same object wherever callers are verified alike.
    let context: TLSContext
}
