import HysteriaStats
import Logging

/// Reads a configuration file from top to bottom and goes on after each mistake, to find the others.
struct ConfigurationReader {
    static let keys = [
        "listen", "redirect", "threads", "hysteria", "upstream", "certificates", "tokens", "limits", "accessLog",
        "logLevel",
    ]

    let files: ReferencedFiles
    let problems: ProblemCollector
    private let path: String

    init(path: String, environment: ConfigurationEnvironment) {
        self.path = path
        self.problems = ProblemCollector(file: path)
        self.files = ReferencedFiles(configuration: path, environment: environment)
    }

    /// The configuration; nil, and problems noted, where it cannot be used.
    func read() -> Configuration? {
        guard let bytes = files.readConfiguration(problems),
            let document = YAMLDocument(bytes, problems: problems),
            let top = document.root.mapping(keys: ConfigurationReader.keys)
        else { return nil }

        let listening = ListenReader(top).read()
        let threads = top["threads"].map { $0.integer(in: 1...1024) } ?? files.environment.cores
        let hysteria = HysteriaReader(top, files).read()
        let upstream = UpstreamReader(top, files, hysteria).read()
        let certificates = CertificatesReader(top, files, hysteria).read()
        let tokens = TokensReader(top, files).read()
        let limits = LimitsReader(top).read()
        let accessLog =
            top["accessLog"].map { value in
                value.word(among: AccessLogFormat.allCases.map(\.rawValue), kind: "format")
                    .flatMap(AccessLogFormat.init(rawValue:))
            } ?? .text
        let logLevel =
            top["logLevel"].map { value in
                value.word(among: Logger.Level.allCases.map(\.rawValue), kind: "level")
                    .flatMap(Logger.Level.init(rawValue:))
            } ?? .info

        guard problems.errors == nil, let listening, let threads, let upstream, let certificates, let tokens,
            let limits, let accessLog, let logLevel
        else { return nil }
        return Configuration(
            listen: listening.listen,
            redirect: listening.redirect,
            threads: threads,
            upstream: upstream,
            certificates: certificates,
            tokens: tokens,
            limits: limits,
            accessLog: accessLog,
            logLevel: logLevel,
            warnings: problems.sortedWarnings
        )
    }
}
