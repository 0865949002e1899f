import HysteriaStats
import Logging

/// Reads a configuration file from top to bottom and goes on after each mistake, to find the others.
struct ConfigurationReader {
    static let keys = [
        "listen", "redirect", "threads", "hysteria", "upstream", "certificates", "tls", "clientCertificates",
        "tokens", "limits", "metrics", "cors", "accessLog", "log", "logLevel",
    ]

    /// What nginx, Caddy and Hysteria call such formats and levels.
    private static let formats = [
        "off": "none", "no": "none", "false": "none", "on": "text", "true": "text", "yes": "text", "combined": "text",
        "common": "text", "console": "text", "plain": "text",
    ]
    private static let levels = [
        "warn": "warning", "err": "error", "crit": "critical", "fatal": "critical", "emerg": "critical",
        "alert": "critical", "verbose": "debug", "all": "trace", "off": "critical", "none": "critical",
        "quiet": "error",
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
        let accessLog = top["accessLog"].map(accessLog) ?? .text
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
            accessLog: accessLog,
            // Who reads one of them as JSON reads both: they often end up in one stream.
            log: top["log"].map(log) ?? (accessLog == .json ? .json : .text),
            logLevel: top["logLevel"].map(logLevel) ?? .info
        )
    }

    private func warnOfUnused(_ clientCertificates: YAMLValue?, _ listen: [ListenSettings]?) {
        guard let listen, !listen.contains(where: { $0.clientCertificates == .inherited }) else { return }
        clientCertificates?.warn("has no effect: every entry of 'listen' has its own")
    }

    private func accessLog(_ value: YAMLValue) -> AccessLogFormat? {
        value.word(among: AccessLogFormat.allCases.map(\.rawValue), kind: "format", meanings: Self.formats)
            .flatMap(AccessLogFormat.init(rawValue:))
    }

    private func log(_ value: YAMLValue) -> LogFormat? {
        value.word(among: LogFormat.allCases.map(\.rawValue), kind: "format").flatMap(LogFormat.init(rawValue:))
    }

    private func logLevel(_ value: YAMLValue) -> Logger.Level? {
        value.word(among: Logger.Level.allCases.map(\.rawValue), kind: "level", meanings: Self.levels)
            .flatMap(Logger.Level.init(rawValue:))
    }
}
