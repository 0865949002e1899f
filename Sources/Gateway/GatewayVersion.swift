import NIOOpenSSL

/// Which gateway this is.
package enum GatewayVersion {
    /// The version, by https://semver.org.
    package static let number = "0.1.0"

    /// How the program was built: one that was built otherwise than by `scripts/build` is slower by a fifth or more.
    package static let build: String = {
        #if LINK_TIME_OPTIMISED
            "optimised build"
        #elseif DEBUG
            "debug build, slow: scripts/build makes the program to be run"
        #else
            "build without link-time optimisation, slower: scripts/build makes the program to be run"
        #endif
    }()

    /// The version with that of the TLS library, whose updates come from the system, and how it was built.
    package static var description: String {
        "hysteria-gateway \(number) (\(OpenSSLVersion.description); \(build))"
    }
}
