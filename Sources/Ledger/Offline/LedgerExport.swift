import LibSQLite
import Text
import Time

/// Writes what a file holds as text.
package struct LedgerExport: Sendable {
    /// What is written.
    package enum Table: String, Sendable, CaseIterable {
        case users, days, quarters
    }

    /// How it is written.
    package enum Form: String, Sendable, CaseIterable {
        /// RFC 4180, with a header.
        case csv
        /// An object a line.
        case jsonLines = "jsonl"
    }

    package var table: Table
    package var form: Form

    package init(_ table: Table, _ form: Form) {
        self.table = table
        self.form = form
    }

    /// Writes a table of a file that nobody has open, line by line.
    ///
    /// - Returns: how many rows of the journal are not in it, since they were never folded.
    package func run(_ options: LedgerStorageOptions, zone: CivilZone, _ write: (String) -> Void)
        throws(LedgerStorageError) -> Int
    {
        try LedgerFile.with(options, zone: zone) { (store, image) throws(LedgerStorageError) in
            if form == .csv { write(columns.joined(separator: ",") + "\r\n") }
            let servers = Dictionary(image.servers.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            var names = Dictionary(image.users.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            names[.others] = names[.others] ?? UsageUsers.othersName
            func line(_ key: CounterKey, _ values: [String?], _ traffic: Traffic) {
                let user = String(decoding: names[key.user] ?? [], as: UTF8.self)
                write(text([servers[key.server] ?? "", user] + values, traffic))
            }
            let tables = LedgerTables(store.database)
            switch table {
            case .users:
                let users = Dictionary(image.users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                for counter in image.counters {
                    let user = users[counter.key.user]
                    line(counter.key, [text(user?.firstSeen), text(user?.lastSeen)], counter.total)
                }
            case .days:
                try tables.history(.day) { date, counted in
                    line(counted.key, [date == undatedDay ? nil : CivilDate(days: date).description], counted.traffic)
                }
            case .quarters:
                try tables.history(.quarter) { slot, counted in
                    let start = slot * SlotTraffic.seconds
                    line(
                        counted.key,
                        [zone.text(of: start), zone.text(of: start + SlotTraffic.seconds)],
                        counted.traffic
                    )
                }
            }
            return image.journal.count
        }
    }

    private var columns: [String] {
        switch table {
        case .users: ["server", "user", "firstSeen", "lastSeen", "tx", "rx"]
        case .days: ["server", "user", "date", "tx", "rx"]
        case .quarters: ["server", "user", "start", "end", "tx", "rx"]
        }
    }

    private func text(_ milliseconds: Int64?) -> String? {
        milliseconds.map { CivilTime($0.dividedDown(by: 1000)).internetText }
    }

    /// A line with values in the order of the columns. Nothing is an empty field, or null.
    private func text(_ values: [String?], _ traffic: Traffic) -> String {
        switch form {
        case .csv:
            let fields = values.map { Self.field($0 ?? "") } + ["\(traffic.up)", "\(traffic.down)"]
            return fields.joined(separator: ",") + "\r\n"
        case .jsonLines:
            var members = zip(columns, values).map { "\"\($0)\":\($1.map(Self.quoted) ?? "null")" }
            members += ["\"tx\":\(traffic.up)", "\"rx\":\(traffic.down)"]
            return "{\(members.joined(separator: ","))}\n"
        }
    }

    /// A field of CSV. A spreadsheet would take what begins like a formula for one.
    static func field(_ text: String) -> String {
        let isFormula = text.utf8.first.map { Array("=+-@".utf8).contains($0) } ?? false
        let text = isFormula ? "\t" + text : text
        guard text.utf8.contains(where: { Array("\",\r\n\t".utf8).contains($0) }) else { return text }
        var quoted = "\""
        // By scalars: with an accent after it, a quotation mark is another character.
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// A string of JSON.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1f}": quoted += "\\u" + HexText.of(scalar.value, width: 4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
