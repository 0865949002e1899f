import ArgumentParser
import Gateway
import GatewayConfiguration
import Glibc
import Ledger

/// `ledger`: what a person does with the ledger's file.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Export, check, restore and edit the ledger's file.",
        discussion: """
            The file belongs to one process at a time: stop the gateway first (systemctl stop hysteria-gateway), and start it \
            afterwards. While it runs, GET /usage and /users answer the same questions.

            Exit codes: 0 if it was done, 1 if a check failed, 69 if another process has the file, 74 if it cannot be read or \
            written, 78 if it is no ledger, or one of a later version.
            """,
        subcommands: [
            LedgerExportCommand.self, LedgerCheckCommand.self, LedgerRestoreCommand.self, LedgerMergeCommand.self,
            LedgerForgetCommand.self,
        ]
    )
}

/// Which file is meant.
struct LedgerOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The configuration that names the file.",
        completion: .file(extensions: ["yaml", "yml"])
    )
    var config: String = Configuration.defaultPath

    @Option(help: ArgumentHelp("The ledger's file, instead of the one of the configuration.", valueName: "path"))
    var file: String?

    /// The file, and the zone by which its days begin.
    func ledger() throws -> (options: LedgerStorageOptions, zone: CivilZone) {
        let ledger: LedgerConfiguration
        if let file {
            ledger = LedgerConfiguration(file: FilePath.absolute(file, from: FilePath.workingDirectory()))
        } else if let configured = try Configuration.load(path: config).ledger {
            ledger = configured
        } else {
            throw CommandError("\(config) has no ledger; name a file with --file", .badConfiguration)
        }
        var options = LedgerStorageOptions(ledger)
        options.waitForLock = 0
        return (options, try LedgerZone.adopt(for: ledger))
    }
}

/// `ledger export`.
struct LedgerExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print users, days or quarter hours as CSV or JSON lines."
    )

    @OptionGroup var options: LedgerOptions

    @Option(help: "users (all-time totals), days, or quarters (of an hour, of the last 62 days).")
    var what: LedgerExport.Table = .days

    @Option(help: "csv, or jsonl: a JSON object a line.")
    var format: LedgerExport.Form = .csv

    func run() throws {
        let (options, zone) = try options.ledger()
        var block = ""
        let left = try LedgerExport(what, format).run(options, zone: zone) { line in
            block += line
            guard block.utf8.count > 1 << 16 else { return }
            Terminal.printPart(block)
            block = ""
        }
        Terminal.printPart(block)
        if left > 0 {
            Terminal.remark(
                "\(left) readings are not in it: the gateway did not end in order. Start and stop it to have them."
            )
        }
    }
}

extension LedgerExport.Table: ExpressibleByArgument {}
extension LedgerExport.Form: ExpressibleByArgument {}

/// `ledger check`.
struct LedgerCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a file: its structure, each row, and that days add up to totals."
    )

    @OptionGroup var options: LedgerOptions

    func run() throws {
        let (options, zone) = try options.ledger()
        let check = try LedgerFile.check(options, zone: zone)
        Terminal.print("\(options.path): \(check.users) users, \(check.days) days, \(check.quarters) quarter hours")
        if let first = check.firstDay, let last = check.lastDay {
            Terminal.print("from \(first) to \(last), days of \(check.zone ?? zone.name)")
        }
        Terminal.print("\(check.status.fileBytes + check.status.logBytes) bytes")
        let backups = LedgerFile.backups(options)
        Terminal.print(backups.first.map { "newest backup: \($0)" } ?? "no backup")
        if !check.endedCleanly { Terminal.remark("it was not closed in order; nothing is lost by that") }
        for problem in check.problems { Terminal.complain(problem) }
        if !check.problems.isEmpty {
            throw CommandError("\(options.path): \(check.problems.count) problems; restore a backup", .failure)
        }
        Terminal.print("nothing is wrong")
    }
}

/// `ledger restore`.
struct LedgerRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the file's place; the old file is kept beside it."
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The backup; without it, the newest one.")
    var backup: String?

    func run() throws {
        let (options, _) = try options.ledger()
        guard let chosen = backup ?? LedgerFile.backups(options).first else {
            throw CommandError("\(options.backupFolder ?? "no folder"): there is no backup", .unavailable)
        }
        let replaced = try LedgerFile.restore(FilePath.absolute(chosen, from: FilePath.workingDirectory()), options)
        // As root the new file would be root's, and the gateway could not open it.
        FileOwner.giveToOwnerOfFolder(options.path)
        Terminal.print("\(options.path) is \(chosen) now")
        if let replaced { Terminal.print("the file that stood there is \(replaced)") }
    }
}

/// `ledger merge`.
struct LedgerMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Give all that was counted of a user to another one, as after a renaming."
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The user whose figures go.")
    var from: String

    @Argument(help: "The user who gets them.")
    var into: String

    func run() throws {
        let (options, zone) = try options.ledger()
        let leaving = try LedgerFile.merge(Array(from.utf8), into: Array(into.utf8), options, zone: zone)
        Terminal.print("what was counted of \(from) is counted of \(into) now")
        leaving.explain(from)
    }
}

/// `ledger forget`.
struct LedgerForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Take a user's name out of the file; the figures stay in the sum of all, as (others)."
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The user.")
    var user: String

    func run() throws {
        let (options, zone) = try options.ledger()
        let leaving = try LedgerFile.forget(Array(user.utf8), options, zone: zone)
        Terminal.print("what was counted of \(user) is counted of (others) now")
        leaving.explain(user)
    }
}

/// Whose a file is.
enum FileOwner {
    /// Gives a file to whom its folder belongs. Without the permission for that, it is the caller's.
    static func giveToOwnerOfFolder(_ path: String) {
        var status = stat()
        guard stat(FilePath.directory(of: path), &status) == 0 else { return }
        lchown(path, status.st_uid, status.st_gid)
    }
}

extension LedgerFile.Leaving {
    /// Says why a name is still there.
    fileprivate func explain(_ user: String) {
        guard self == .listed else { return }
        Terminal.remark(
            "\(user) stays in the file with nothing counted, as Hysteria may list it still; once Hysteria was restarted without "
                + "that user, run this again"
        )
    }
}
