import Logging

/// All that the operator decides, read strictly from one YAML file and immutable from then on.
public struct Configuration: Sendable {
    /// Where the configuration lies unless the command line says otherwise.
    public static let defaultPath = "/etc/hysteria-gateway/config.yaml"

    /// The addresses that serve HTTPS; at least one.
    public let listen: [ListenSettings]
    /// The address that sends plain HTTP callers to HTTPS.
    public let redirect: ListenAddress?
    /// The number of event loops.
    public let threads: Int
    /// Hysteria's stats API.
    public let upstream: UpstreamSettings
    /// The identities, the one for unknown names first; at least one.
    public let certificates: [CertificateFiles]
    /// How TLS is spoken.
    public let tls: TLSSettings
    /// Which certificates callers have to show where their address says nothing else; nil where none are asked for.
    public let clientCertificates: ClientCertificateFiles?
    /// The tokens; at least one.
    public let tokens: [TokenEntry]
    /// What callers are granted.
    public let limits: Limits
    /// What `/metrics` tells of users.
    public let metrics: MetricsSettings
    /// The sites whose pages may read answers.
    public let origins: AllowedOrigins
    /// How each request is logged.
    public let accessLog: AccessLogFormat
    /// How the gateway's own messages are written.
    public let log: LogFormat
    /// From which level on the gateway's own messages are logged.
    public let logLevel: Logger.Level
    /// What works and is better mended.
    public let warnings: [ConfigurationProblem]
    /// The absolute paths of all that it was read from or depends on, whether something lies there or not.
    public var files: Set<String> = []

    /// Reads a file, and the files it names, strictly.
    ///
    /// - Parameters:
    ///   - path: The file; a relative path begins in the working directory.
    ///   - environment: The file system, the time and the process.
    /// - Throws: All that is wrong, at once.
    public static func load(
        path: String,
        environment: ConfigurationEnvironment = .system()
    ) throws(ConfigurationErrors) -> Configuration {
        let reader = ConfigurationReader(path: path, environment: environment)
        let pieces = reader.read()
        if let errors = reader.problems.errors { throw errors }
        guard var configuration = pieces?.whole(warnings: reader.problems.sortedWarnings) else {
            preconditionFailure("a configuration that could not be read has problems")
        }
        configuration.files = reader.files.dependencies.paths
        return configuration
    }
}
