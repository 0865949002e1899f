import NIOOpenSSL

/// Which gateway this is.
public enum GatewayVersion {
    /// The version, by https://semver.org.
    public static let number = "0.1.0"

    /// The version with that of the TLS library, whose updates come from the system.
    public static var description: String { "hysteria-gateway \(number) (\(OpenSSLVersion.description))" }
}
