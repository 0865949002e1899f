import HysteriaStats

/// Hysteria's own configuration.
package struct HysteriaSource: Sendable {
    /// The absolute path of the file.
    package let path: String
    /// What the file says.
    package let file: HysteriaConfigurationFile
}

/// `hysteria`: Hysteria's own file, for what the configuration does not say itself.
package enum HysteriaSection: ConfigurationSection {
    /// Nil where the configuration says everything itself.
    package typealias Value = HysteriaSource?
    package static let key = "hysteria"
    package static let defaultValue: HysteriaSource?? = .some(nil)

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> HysteriaSource?? {
        let files = reader.files
        guard let path = files.path(value, expected: "the path of Hysteria's own configuration"),
            let bytes = files.content(value, path, limit: HysteriaConfigurationFile.longest)
        else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            value.fail("\(path) has bytes that are not UTF-8", expected: "Hysteria's own configuration, a text file")
            return nil
        }
        do {
            let file = try HysteriaConfigurationFile(text: text, path: path, environment: files.environment.variables)
            if file.secret != nil { warnIfOpen(path, value, files) }
            if let listen = file.openListen { warnIfReachable(listen, hasSecret: file.secret != nil, path, value) }
            return HysteriaSource(path: path, file: file)
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
            return nil
        }
    }

    /// What is taken from the file shows in the sections that take it.
    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] { [] }

    package static func waiting(running: Configuration, new: Configuration) -> [String] { [] }

    /// Hysteria's own documentation writes `listen: :9999`, which is every address of the machine, in plain HTTP.
    private static func warnIfReachable(_ listen: OpenListen, hasSecret: Bool, _ path: String, _ value: YAMLValue) {
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
    private static func warnIfOpen(_ path: String, _ value: YAMLValue, _ files: ReferencedFiles) {
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

extension HysteriaSource {
    /// Compares the `users` of tokens with those of Hysteria's own file: a token for a user who is called otherwise
    /// sees nothing, without a warning.
    func compareUsers(of tokens: YAMLValue) {
        guard let users = file.users else { return }
        for token in tokens.children {
            let entries = token.isMapping ? token.entries : []
            for case ("users", let list) in entries {
                for value in list.children { compare(value, users) }
            }
        }
    }

    private func compare(_ value: YAMLValue, _ users: HysteriaUsers) {
        guard let name = value.node.scalar?.string, !users.has(name) else { return }
        switch users {
        case .password:
            value.warn(
                "Hysteria has one user, '\(HysteriaUsers.passwordUser)', as \(path) has auth.type: password; "
                    + "\(Excerpt.quote(name)) sees nothing",
                advice: "write \(HysteriaUsers.passwordUser), or leave 'users' out"
            )
        case .userpass(let names) where names.contains(name.lowercased()):
            value.warn(
                "Hysteria makes the names of auth.userpass lower-case; \(Excerpt.quote(name)) sees nothing",
                advice: "write \(Excerpt.quote(name.lowercased()))"
            )
        case .userpass(let names):
            let nearest = NearestWord.find(name.lowercased(), among: names.sorted())
            value.warn(
                "\(path) has no user \(Excerpt.quote(name)) in auth.userpass, so that it sees nothing",
                advice: nearest.map { "did you mean \(Excerpt.quote($0))?" }
            )
        }
    }
}
