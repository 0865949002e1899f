import HysteriaStats

/// Reads `hysteria`: Hysteria's own file, for what the configuration does not say itself.
struct HysteriaReader {
    /// What became of Hysteria's own file.
    enum Outcome {
        /// There is no `hysteria` key.
        case absent
        /// The file cannot be used; a problem is noted.
        case unusable
        /// The file was read.
        case found(HysteriaSource)
    }

    private let top: YAMLMapping
    private let files: ReferencedFiles

    init(_ top: YAMLMapping, _ files: ReferencedFiles) {
        self.top = top
        self.files = files
    }

    func read() -> Outcome {
        guard let value = top["hysteria"] else { return .absent }
        guard let path = files.path(value, expected: "the path of Hysteria's own configuration"),
            let bytes = files.content(value, path, limit: HysteriaConfigurationFile.longest)
        else { return .unusable }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            value.fail("\(path) has bytes that are not UTF-8", expected: "Hysteria's own configuration, a text file")
            return .unusable
        }
        do {
            let file = try HysteriaConfigurationFile(text: text, path: path, environment: files.environment.variables)
            if file.secret != nil { warnIfOpen(path, value) }
            if let listen = file.openListen { warnIfReachable(listen, hasSecret: file.secret != nil, path, value) }
            return .found(HysteriaSource(path: path, file: file, value: value))
        } catch {
            for problem in error.problems {
                value.problems.add(
                    ConfigurationProblem(
                        file: problem.file,
                        line: problem.line,
                        key: problem.key,
                        found: problem.message
                    )
                )
            }
            return .unusable
        }
    }

    /// Hysteria's own documentation writes `listen: :9999`, which is every address of the machine, in plain HTTP.
    private func warnIfReachable(_ listen: OpenListen, hasSecret: Bool, _ path: String, _ value: YAMLValue) {
        value.problems.warn(
            ConfigurationProblem(
                file: path,
                line: listen.line,
                key: "trafficStats.listen",
                found: UpstreamExposure.words("it listens on \(Excerpt.quote(listen.text))", hasSecret: hasSecret),
                advice: UpstreamExposure.advice(listen.closed)
            )
        )
    }

    /// The installer leaves the file readable for all. Closing it must not shut Hysteria out, whose user is not known.
    private func warnIfOpen(_ path: String, _ value: YAMLValue) {
        let walk = PathWalk(to: path, in: files.environment.files)
        guard walk.isOpenToOthers, let file = walk.file else { return }
        let quoted = ShellText.quote(path)
        value.warn(
            "\(path) holds a secret and every user of this machine can read it (\(file.status.listing))",
            advice: "give it to a group of both Hysteria and the gateway (chgrp GROUP \(quoted)), then run: "
                + "chmod 640 \(quoted)"
        )
    }
}
