import HysteriaStats
import Logging

/// Reads a configuration file from top to bottom and goes on after each mistake, to find the others.
struct ConfigurationReader {
    static let keys = [
        "listen", "redirect", "threads", "hysteria", "upstream", "certificates", "tls", "clientCertificates",
        "tokens", "limits", "metrics", "cors", "accessLog", "logLevel",
    ]

    let files: ReferencedFiles
    let problems: ProblemCollector
    private let path: String

    init(path: String, environment: ConfigurationEnvironment) {
        self.path = path
        self.problems = ProblemCollector(file: path)
        self.files = ReferencedFiles(configuration: path, environment: environment)
    }

    /// What could be read; problems are noted for the rest. Nil where the file as a whole cannot be read.
    func read() -> ConfigurationPieces? {
        guard let bytes = files.readConfiguration(problems),
            let document = YAMLDocument(bytes, problems: problems),
            let top = document.root.mapping(keys: ConfigurationReader.keys)
        else { return nil }

        let hysteria = HysteriaReader(top, files).read()
        let listening = ListenReader(top, files).read()
        HysteriaUsersReader(top, hysteria).warn()
        warnOfUnused(top["clientCertificates"], listening?.settings)
        return ConfigurationPieces(
            listening: listening,
            threads: top["threads"].map { $0.integer(in: 1...1024) } ?? files.environment.cores,
            upstream: UpstreamReader(top, files, hysteria).read(),
            certificates: CertificatesReader(top, files, hysteria).read(),
            tls: TLSReader(top, files).read(),
            clientCertificates: ClientCertificatesReader(files).read(top["clientCertificates"]),
            tokens: TokensReader(top, files).read(),
            limits: LimitsReader(top).read(),
            metrics: MetricsReader(top).read(),
            origins: CORSReader(top).read(),
            accessLog: top["accessLog"].map(accessLog) ?? .text,
            logLevel: top["logLevel"].map(logLevel) ?? .info
        )
    }

    private func warnOfUnused(_ clientCertificates: YAMLValue?, _ listen: [ListenSettings]?) {
        guard let listen, !listen.contains(where: { $0.clientCertificates == .inherited }) else { return }
        clientCertificates?.warn("has no effect: every entry of 'listen' has its own")
    }

    private func accessLog(_ value: YAMLValue) -> AccessLogFormat? {
        value.word(among: AccessLogFormat.allCases.map(\.rawValue), kind: "format")
            .flatMap(AccessLogFormat.init(rawValue:))
    }

    private func logLevel(_ value: YAMLValue) -> Logger.Level? {
        value.word(among: Logger.Level.allCases.map(\.rawValue), kind: "level").flatMap(Logger.Level.init(rawValue:))
    }
}
