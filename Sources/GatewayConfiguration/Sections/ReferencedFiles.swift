/// The files that a configuration names, and the configuration itself.
package struct ReferencedFiles {
    /// The most bytes a file with a token or a secret may have.
    static let longestCredential = 4096

    package let environment: ConfigurationEnvironment
    /// The files that were asked for.
    let dependencies = DependencyList()
    private let configuration: String

    package init(configuration: String, environment: ConfigurationEnvironment) {
        self.configuration = FilePath.absolute(configuration, from: environment.workingDirectory)
        self.environment = environment
    }

    /// The absolute path of a file that the configuration names: relative paths begin where the configuration lies.
    func resolve(_ path: String) -> String {
        FilePath.absolute(path, from: FilePath.directory(of: configuration))
    }

    /// The bytes of the configuration itself.
    func readConfiguration(_ problems: ProblemCollector) -> [UInt8]? {
        switch content(of: configuration, limit: YAMLDocument.longest) {
        case .success(let bytes):
            return bytes
        case .failure(let failure):
            problems.fail(
                "the configuration cannot be read: \(failure.text)",
                advice: failure.remedy ?? "name another one with --config"
            )
            return nil
        }
    }

    /// The path that a value holds, absolute.
    package func path(_ value: YAMLValue, expected: String) -> String? {
        guard let text = value.text(expected: expected) else { return nil }
        if let mistake = PathMistake(text, key: value.name) {
            value.fail(mistake.found, expected: mistake.expected ?? expected)
            return nil
        }
        return resolve(text)
    }

    /// Notes what keeps the user from reading a file.
    ///
    /// - Parameter mayBeMissing: Whether it is no error that nothing is there.
    func checkReadable(_ path: String, for value: YAMLValue, mayBeMissing: Bool = false) -> Bool {
        dependencies.add(path)
        guard let obstacle = PathWalk(to: path, in: environment.files).obstacle else { return true }
        if mayBeMissing, case .missing = obstacle { return true }
        value.fail(obstacle.description(for: environment.user), advice: obstacle.remedy(in: environment))
        return false
    }

    /// Whether nothing is there.
    func isMissing(_ path: String) -> Bool {
        if case .missing = PathWalk(to: path, in: environment.files).obstacle { true } else { false }
    }

    /// The credential in a file: its content without the newline at its end.
    package func credential(_ value: YAMLValue, of what: String) -> [UInt8]? {
        guard let path = path(value, expected: "the path of a file with the \(what)"),
            var bytes = content(value, path, limit: ReferencedFiles.longestCredential)
        else { return nil }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        warnIfOpen(path, holding: what, value)
        return bytes
    }

    /// The bytes of a file that a value names.
    package func content(_ value: YAMLValue, _ path: String, limit: Int) -> [UInt8]? {
        switch content(of: path, limit: limit) {
        case .success(let bytes):
            return bytes
        case .failure(let failure):
            // A secret where the name of its file belongs is not shown: it looks like a name.
            if failure.isMissing, ["secretFile", "tokenFile"].contains(value.name), !isPath(value) {
                let kind = value.name.dropLast("File".count)
                value.fail(
                    "there is no such file in \(FilePath.directory(of: configuration))",
                    expected: "the path of a file with the \(kind); the \(kind) itself belongs behind '\(kind):'"
                )
            } else {
                value.fail(failure.text, advice: failure.remedy)
            }
            return nil
        }
    }

    /// Warns where the configuration itself holds a credential that others can read.
    func warnIfConfigurationIsOpen(holding what: String, _ value: YAMLValue) {
        warnIfOpen(configuration, holding: what, value)
    }

    /// Warns where every user of the machine can read a file, and names the command that ends it.
    func warnIfOpen(_ path: String, holding what: String, _ value: YAMLValue) {
        let walk = PathWalk(to: path, in: environment.files)
        guard walk.isOpenToOthers, let file = walk.file else { return }
        value.warn(
            "\(path) holds a \(what) and every user of this machine can read it (\(file.status.listing))",
            advice: "run: \(closing(path, file.status))"
        )
    }

    /// The command after which this user, and not every user, can read a file.
    private func closing(_ path: String, _ status: FileStatus) -> String {
        let path = ShellText.quote(path)
        let staysOurs = environment.user == "root" || environment.user == status.owner
        if staysOurs || environment.groups.contains(status.group) { return "chmod o-rwx \(path)" }
        return "chgrp \(environment.groups.first ?? environment.user) \(path) && chmod 640 \(path)"
    }

    /// Whether a value is a path beyond doubt.
    private func isPath(_ value: YAMLValue) -> Bool {
        let text = value.node.scalar?.string ?? ""
        return ["/", "./", "../"].contains { text.hasPrefix($0) }
    }

    /// Why a file could not be read.
    private struct ReadError: Error {
        /// In words.
        let text: String
        /// What ends it.
        var remedy: String?
        /// Whether there is no such file.
        var isMissing = false
    }

    private func content(of path: String, limit: Int) -> Result<[UInt8], ReadError> {
        dependencies.add(path)
        switch environment.files.read(path, limit) {
        case .success(let bytes):
            return .success(bytes)
        case .failure(.notRegular(let kind)) where kind != "a directory":
            // The walk would find nothing where the path is that of a descriptor, such as /dev/stdin.
            return .failure(
                ReadError(text: "\(path) is \(kind), not a regular file: files are read again when they change")
            )
        case .failure(let failure):
            guard let obstacle = PathWalk(to: path, in: environment.files).obstacle else {
                return .failure(ReadError(text: "\(path): \(failure)"))
            }
            var isMissing = false
            if case .missing = obstacle { isMissing = true }
            return .failure(
                ReadError(
                    text: obstacle.description(for: environment.user),
                    remedy: obstacle.remedy(in: environment),
                    isMissing: isMissing
                )
            )
        }
    }
}

extension ReferencedFiles {
    /// Notes a file that others can read or that the group can write, and names the command that ends it.
    ///
    /// Other than a secret in the wrong place, which is the operator's risk to take, such a file would be refused.
    func checkPrivate(_ path: String, holding what: String, for value: YAMLValue) -> Bool {
        guard let file = PathWalk(to: path, in: environment.files).file, file.status.permissions & 0o027 != 0 else {
            return true
        }
        value.fail(
            "\(path) holds \(what) and is open to other users (\(file.status.listing))",
            advice: "run: chmod 600 \(ShellText.quote(path))"
        )
        return false
    }
}

/// Collects the paths that a configuration depends on while it is read.
package final class DependencyList {
    /// Absolute paths, whether something lies there or not.
    package private(set) var paths: Set<String> = []

    /// Notes a path.
    package func add(_ path: String) {
        paths.insert(path)
    }
}
