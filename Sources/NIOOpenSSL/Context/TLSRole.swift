/// The two ends of a TLS connection.
enum TLSRole: Sendable {
    case server
    case client
}
