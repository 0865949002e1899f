import ACME
import GatewayConfiguration
import Glibc
import Logging
import NIOConcurrencyHelpers

/// Orders certificates in a process of its own, for a person who asks for it. A gateway that runs on the same folder shows the proofs
/// and takes the files.
package struct CertificateOrders: Sendable {
    /// Why nothing is ordered.
    package struct OwnerError: Error, CustomStringConvertible {
        package let description: String
    }

    /// What became of a certificate.
    package struct Outcome: Sendable {
        package let status: CertificateStatus
        /// Whether an attempt failed just now.
        package let hasFailed: Bool
    }

    private let settings: ACMESettings
    private let logger: Logger

    package init(_ settings: ACMESettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// How it stands with each certificate. Nobody is asked.
    package func status() async -> [CertificateStatus] {
        await keeper(settings) { _ in }.look()
    }

    /// Orders what is due or waits after a failure.
    ///
    /// - Parameter force: Whether all are ordered in any case.
    package func order(force: Bool) async throws(OwnerError) -> [Outcome] {
        try checkOwner()
        return await order(settings, force: force)
    }

    /// Orders as in earnest, from an authority for tests where there is one, and throws the certificates away.
    package func rehearse() async throws(OwnerError) -> [Outcome] {
        try checkOwner()
        var settings = settings
        settings.authorities = [settings.authorities[0].forRehearsal]
        settings.folder += "/rehearsal"
        defer { RemovedFolder.remove(settings.folder) }
        return await order(settings, force: true)
    }

    private func order(_ settings: ACMESettings, force: Bool) async -> [Outcome] {
        let failed = NIOLockedValueBox<Set<[Identifier]>>([])
        let statuses = await keeper(settings) { event in
            if case .refused(let name, _, _, _, _, _, _) = event {
                _ = failed.withLockedValue { $0.insert(name.identifiers) }
            }
        }.orderOnce(force: force)
        return statuses.map { status in
            Outcome(status: status, hasFailed: failed.withLockedValue { $0.contains(status.identifiers) })
        }
    }

    private func keeper(
        _ settings: ACMESettings,
        whenHappened: @escaping @Sendable (ACMEEvent) -> Void
    ) -> CertificateKeeper {
        let desk = ProofDesk(clock: SystemKeeperClock(), isServed: false) { [logger] in logger.warning("\($0)") }
        // Those of the configuration: where the gateway that runs looks.
        desk.apply(folder: ProofFolder(self.settings), dns: settings.dns, host: nil)
        return CertificateKeeper(
            settings,
            environment: .system(showing: desk, log: ACMELog(logger: logger), whenHappened: whenHappened)
        )
    }

    /// What another user writes here, the gateway could not read.
    private func checkOwner() throws(OwnerError) {
        var status = stat()
        guard stat(settings.folder, &status) == 0 || stat(FilePath.directory(of: settings.folder), &status) == 0,
            status.st_uid != geteuid()
        else { return }
        let user = SystemNames.user(status.st_uid)
        throw OwnerError(
            description:
                "\(settings.folder) belongs to \(user), who could not read what is written here now: run it as that user: "
                + "runuser -u \(user) -- hysteria-gateway acme …"
        )
    }
}

extension AuthoritySettings {
    /// The one to try with: Let's Encrypt has one for tests, whose limits are wide.
    fileprivate var forRehearsal: AuthoritySettings {
        directory == Self.letsEncrypt.directory ? .letsEncryptStaging : self
    }
}

/// A folder of certificates that nobody wants.
private enum RemovedFolder {
    /// Removes a folder with all that is in it. Links are removed and not followed: `current` is one.
    static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        for name in DirectoryListing.names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }
}
