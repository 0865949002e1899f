import NIOCore

/// Where the ledger is, and how it counts.
package struct LedgerConfiguration: Sendable, Hashable {
    /// The file's name in a state directory.
    package static let fileName = "ledger.sqlite"

    /// The file.
    package var file: String
    /// What the server is called in the file; nil: as before, or as the machine.
    package var server: String?
    /// From one reading of Hysteria's counters to the next.
    package var period = TimeAmount.seconds(10)
    /// By which days begin; nil: as before, or the machine's.
    package var timeZone: String?
    /// On which day of the month periods begin, 1 to 31.
    package var monthBegins = 1
    /// How many days quarter hours are kept.
    package var quarterDays = 62
    /// How many users have a place of their own.
    package var userLimit = 100_000
    /// Where daily backups go; nil: nowhere.
    package var backupFolder: String?
    /// How many backups are kept.
    package var backupsKept = 7

    /// A ledger in this file, with a folder for backups beside it.
    package init(file: String) {
        self.file = file
        backupFolder = FilePath.directory(of: file) + "/backup"
    }
}

/// `ledger`: totals that last, and history.
package enum LedgerSection: ConfigurationSection {
    /// Nil where there is none.
    package typealias Value = LedgerConfiguration?
    package static let key = "ledger"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: ["file", "server", "read", "timeZone", "monthBegins", "keep", "userLimit", "backup"]
    )
    /// It depends on the machine: see ``readAbsent(in:)``.
    package static let defaultValue: LedgerConfiguration?? = .some(nil)

    private static let expectedFile = "the path of the ledger's file, such as \(StateDirectory.usual)/ledger.sqlite"

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> LedgerConfiguration?? {
        if value.node.scalar?.string == "none" { return .some(nil) }
        guard let keys = value.mapping(of: Self.self) else { return nil }
        let file: String?
        if let path = keys["file"] {
            file = reader.files.path(path, expected: expectedFile)
        } else {
            file = implicitFile(reader)
            if file == nil {
                value.problems.fail(line: value.line, key: "ledger.file", "missing", expected: expectedFile)
            }
        }
        guard let file else { return nil }
        var ledger = LedgerConfiguration(file: file)
        var isWhole = true
        func take<Part>(
            _ key: String,
            into path: WritableKeyPath<LedgerConfiguration, Part>,
            _ read: (YAMLValue) -> Part?
        ) {
            guard let value = keys[key] else { return }
            if let part = read(value) { ledger[keyPath: path] = part } else { isWhole = false }
        }
        take("server", into: \.server) { name($0).map(Optional.some) }
        take("read", into: \.period) { $0.duration(in: .seconds(2)...(.seconds(60))) }
        take("timeZone", into: \.timeZone) { zone($0).map(Optional.some) }
        take("monthBegins", into: \.monthBegins) { $0.integer(in: 1...31) }
        take("userLimit", into: \.userLimit) { $0.integer(in: 1...1_000_000) }
        take("keep", into: \.quarterDays) { value in
            guard let keys = value.mapping(keys: ["quarters"]), let days = keys.required("quarters", expected: "62d")
            else {
                return nil
            }
            return Self.days(days)
        }
        if let backup = keys["backup"], !readBackup(backup, reader, into: &ledger) { isWhole = false }
        return isWhole ? .some(ledger) : nil
    }

    /// Without a word in the configuration there is a ledger where there is a directory for it.
    package static func readAbsent(in reader: SectionReader) -> LedgerConfiguration?? {
        .some(implicitFile(reader).map { LedgerConfiguration(file: $0) })
    }

    private static func implicitFile(_ reader: SectionReader) -> String? {
        StateDirectory.current(reader.files.environment).map { "\($0)/\(LedgerConfiguration.fileName)" }
    }

    private static func name(_ value: YAMLValue) -> String? {
        let expected = "a name for this server, of 1 to 64 letters, digits, dots, dashes and underscores"
        guard let text = value.text(expected: expected) else { return nil }
        guard (1...64).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains($0))
            })
        else {
            value.fail("found \(Excerpt.quote(text))", expected: expected)
            return nil
        }
        return text
    }

    private static func zone(_ value: YAMLValue) -> String? {
        let expected = "a time zone such as Asia/Shanghai or UTC"
        guard let text = value.text(expected: expected) else { return nil }
        let isName = text.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.properties.isAlphabetic || "0123456789/_-+".unicodeScalars.contains(scalar)
        }
        guard (1...64).contains(text.utf8.count), isName, !text.hasPrefix("/") else {
            value.fail("found \(Excerpt.quote(text))", expected: expected)
            return nil
        }
        return text
    }

    private static func days(_ value: YAMLValue) -> Int? {
        let expected = "a number of days from 7d to 366d"
        guard let text = value.text(expected: expected) else { return nil }
        guard text.hasSuffix("d"), let days = Int(text.dropLast()), (7...366).contains(days) else {
            value.fail("found \(Excerpt.quote(text))", expected: expected)
            return nil
        }
        return days
    }

    private static func readBackup(_ value: YAMLValue, _ reader: SectionReader, into ledger: inout LedgerConfiguration)
        -> Bool
    {
        if value.node.scalar?.string == "none" {
            ledger.backupFolder = nil
            return true
        }
        guard let keys = value.mapping(keys: ["folder", "keep"]) else { return false }
        if let folder = keys["folder"] {
            guard let path = reader.files.path(folder, expected: "the path of a folder for backups") else {
                return false
            }
            ledger.backupFolder = path
        }
        if let keep = keys["keep"] {
            guard let count = keep.integer(in: 1...366) else { return false }
            ledger.backupsKept = count
        }
        return true
    }

    // MARK: Reload

    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] {
        differences(old.configuration.ledger, new.configuration.ledger).filter { !restarted.contains($0) }
    }

    package static func waiting(running: Configuration, new: Configuration) -> [String] {
        if (running.ledger == nil) != (new.ledger == nil) { return [key] }
        return differences(running.ledger, new.ledger).filter(restarted.contains)
    }

    /// What holds for the file as long as it is open.
    private static let restarted: Set<String> = [
        "ledger.file", "ledger.server", "ledger.timeZone", "ledger.backup", "ledger.keep",
    ]

    private static func differences(_ old: LedgerConfiguration?, _ new: LedgerConfiguration?) -> [String] {
        guard let old, let new else { return [] }
        var keys: [String] = []
        if old.file != new.file { keys.append("file") }
        if old.server != new.server { keys.append("server") }
        if old.period != new.period { keys.append("read") }
        if old.timeZone != new.timeZone { keys.append("timeZone") }
        if old.monthBegins != new.monthBegins { keys.append("monthBegins") }
        if old.quarterDays != new.quarterDays { keys.append("keep") }
        if old.userLimit != new.userLimit { keys.append("userLimit") }
        if (old.backupFolder, old.backupsKept) != (new.backupFolder, new.backupsKept) { keys.append("backup") }
        return keys.map { "ledger.\($0)" }
    }
}

extension Configuration {
    /// The ledger; nil where there is none.
    package var ledger: LedgerConfiguration? { self[LedgerSection.self] }
}
