import Glibc

/// Looks whether what an authority issues could be kept, and whether the command for DNS could run.
package struct StoreSurvey: Sendable {
    /// What is known of a file without reading it, for the user that asks.
    package struct FileStatus: Hashable, Sendable {
        package var isFolder: Bool
        /// The permission bits.
        package var mode: UInt32
        package var isWritable: Bool
        package var isExecutable: Bool

        package init(isFolder: Bool, mode: UInt32, isWritable: Bool = true, isExecutable: Bool = true) {
            self.isFolder = isFolder
            self.mode = mode
            self.isWritable = isWritable
            self.isExecutable = isExecutable
        }

        /// Of a file of this machine; nil if there is none.
        package static func system(_ path: String) -> FileStatus? {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return FileStatus(
                isFolder: status.st_mode & S_IFMT == S_IFDIR,
                mode: status.st_mode & 0o7777,
                isWritable: access(path, W_OK) == 0,
                isExecutable: access(path, X_OK) == 0
            )
        }
    }

    private let status: @Sendable (String) -> FileStatus?

    package init(status: @escaping @Sendable (String) -> FileStatus? = FileStatus.system) {
        self.status = status
    }

    package func findings(for settings: ACMESettings) -> [SurveyFinding] {
        var findings = [folder(settings.folder)]
        for authority in settings.authorities {
            let path = "\(settings.folder)/\(authority.folderName)/\(AuthorityFolder.accountKeyFile)"
            if let finding = accountKey(path) { findings.append(finding) }
        }
        if let dns = settings.dns { findings.append(command(dns.command)) }
        return findings
    }

    private func folder(_ path: String) -> SurveyFinding {
        guard let found = status(path) else {
            guard let above = status(Self.parent(of: path)), above.isFolder, above.isWritable, above.isExecutable else {
                return .failure(
                    "\(path), where certificates are kept, is not there and cannot be made: make it for the user of the service"
                )
            }
            return .ok("\(path), where certificates are kept, will be made")
        }
        guard found.isFolder else {
            return .failure("\(path), where certificates are to be kept, is no folder: change acme.folder")
        }
        guard found.isWritable, found.isExecutable else {
            return .failure(
                "\(path), where certificates are kept, cannot be written to: nothing is ordered that could not be kept; does it belong to "
                    + "the user of the service?"
            )
        }
        return .ok("\(path), where certificates are kept, can be written to")
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func accountKey(_ path: String) -> SurveyFinding? {
        guard let found = status(path), found.mode & 0o077 != 0 else { return nil }
        return .failure("\(path), the key of the account, can be read or written by others: chmod 600 \(path)")
    }

    private func command(_ path: String) -> SurveyFinding {
        guard path.hasPrefix("/") else {
            return .failure("acme.dns: \(path) is no absolute path, and no folders are searched for it")
        }
        guard let found = status(path), !found.isFolder else {
            return .failure("acme.dns: there is no command \(path)")
        }
        guard found.isExecutable else { return .failure("acme.dns: \(path) cannot be executed: chmod +x \(path)") }
        guard found.mode & 0o002 == 0 else {
            return .warning("acme.dns: everybody can change \(path), which the gateway executes: chmod o-w \(path)")
        }
        return .ok("acme.dns: \(path) can be executed")
    }
}
