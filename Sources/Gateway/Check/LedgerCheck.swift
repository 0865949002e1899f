import GatewayConfiguration
import Ledger

/// Checks that the ledger can be kept where the configuration says.
struct LedgerCheck {
    /// An age of the newest backup that is no accident any more, in seconds.
    private static let oldBackup: Int64 = 3 * 86_400

    let results: [CheckResult]

    init(_ ledger: LedgerConfiguration, environment: ConfigurationEnvironment) {
        var results: [CheckResult] = []
        let folder = FilePath.directory(of: ledger.file)
        switch environment.files.status(folder) {
        case .failure(.missing):
            let parent = FilePath.directory(of: folder)
            results.append(
                environment.files.permits(.write, parent)
                    ? .ok("the ledger will be made in \(folder)")
                    : .failure(
                        "\(folder), the ledger's folder, is missing, and \(environment.user) may not make it in \(parent)"
                    )
            )
        case .failure(let error):
            results.append(.failure("\(folder), the ledger's folder, cannot be seen: \(error)"))
        case .success(let status) where status.kind == .directory || status.kind == .symbolicLink:
            results.append(
                environment.files.permits(.write, folder)
                    ? .ok("the ledger is kept in \(ledger.file)")
                    : .failure(
                        "\(environment.user) may not write to \(folder), the ledger's folder (\(status.listing))"
                    )
            )
        case .success:
            results.append(.failure("\(folder), the ledger's folder, is no folder"))
        }
        if let zone = ledger.timeZone, !CivilZone.isKnown(zone) {
            results.append(
                .failure(
                    "ledger.timeZone: the machine does not know '\(zone)'; install tzdata, or use a name such as Asia/Shanghai"
                )
            )
        }
        if let backups = ledger.backupFolder, case .success = environment.files.status(ledger.file) {
            let newest = LedgerFile.newestBackup(in: backups, of: ledger.file)
            if let newest, environment.now() - newest > Self.oldBackup {
                results.append(
                    .warning(
                        "the newest backup of the ledger is \((environment.now() - newest) / 86_400) days old: see the log"
                    )
                )
            }
        }
        self.results = results
    }
}
