import Logging

/// The parts of a configuration, each of which could be read or not.
struct ConfigurationPieces {
    let listening: ListenReader.Outcome?
    let threads: Int?
    let upstream: UpstreamSettings?
    let certificates: [CertificateFiles]?
    let tls: TLSSettings?
    let clientCertificates: ClientCertificatesReader.Outcome
    let tokens: [TokenEntry]?
    let limits: Limits?
    let metrics: MetricsSettings?
    let origins: AllowedOrigins?
    let accessLog: AccessLogFormat?
    let log: LogFormat?
    let logLevel: Logger.Level?

    /// All of them together; nil where one is lacking.
    func whole(warnings: [ConfigurationProblem]) -> Configuration? {
        guard let listening, let listen = listening.settings, let threads, let upstream, let certificates, let tls,
            let tokens, let limits, let metrics, let origins, let accessLog, let log, let logLevel
        else { return nil }
        var clientCertificateFiles: ClientCertificateFiles?
        switch clientCertificates {
        case .absent: break
        case .found(let files): clientCertificateFiles = files
        case .unusable: return nil
        }
        return Configuration(
            listen: listen,
            redirect: listening.redirect,
            threads: threads,
            upstream: upstream,
            certificates: certificates,
            tls: tls,
            clientCertificates: clientCertificateFiles,
            tokens: tokens,
            limits: limits,
            metrics: metrics,
            origins: origins,
            accessLog: accessLog,
            log: log,
            logLevel: logLevel,
            warnings: warnings
        )
    }
}
