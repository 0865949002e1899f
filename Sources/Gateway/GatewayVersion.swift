import NIOOpenSSL

/// Which gateway this is.
package enum GatewayVersion {
    /// The version, by https://semver.org.
    package static let number = "0.1.0"

    /// The version with that of the TLS library, whose updates come from the system.
    package static var description: String { "hysteria-gateway \(number) (\(OpenSSLVersion.description))" }
}
