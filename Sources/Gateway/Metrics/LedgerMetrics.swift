import Ledger

/// What the ledger tells of itself.
struct LedgerMetrics: Sendable {
    private let snapshot: LedgerSnapshot
    private let file: LedgerFileFigures

    init(_ ledger: any MetricsLedger) {
        snapshot = ledger.snapshot
        file = ledger.file
    }

    func write(into writer: inout MetricsWriter) {
        let statistics = snapshot.statistics
        writer.single(
            "hysteria_gateway_ledger_durable",
            .gauge,
            "Whether the ledger's file can be written. While it cannot, counters of users stand still.",
            snapshot.isDurable ? 1 : 0
        )
        writer.begin(
            "hysteria_gateway_ledger_readings_total",
            .counter,
            "Readings of Hysteria's counters for the ledger."
        )
        writer.sample(statistics.readings, [.init("result", "taken")])
        writer.sample(statistics.failedReadings, [.init("result", "failed")])
        writer.sample(statistics.refusedReadings, [.init("result", "refused")])
        writer.single(
            "hysteria_gateway_ledger_appends_total",
            .counter,
            "Times that readings and clears were written to the ledger's file.",
            statistics.appends
        )
        writer.single(
            "hysteria_gateway_ledger_failures_total",
            .counter,
            "Times that the ledger's file could not be written or opened.",
            statistics.storageFailures
        )
        writer.begin(
            "hysteria_gateway_ledger_epochs_total",
            .counter,
            "Times that Hysteria's counters began anew: by a restart, or because somebody else cleared them."
        )
        for cause in [LedgerGap.Cause.restart, .cleared] {
            writer.sample(statistics.gaps[cause] ?? 0, [.init("cause", cause.rawValue)])
        }
        writer.begin(
            "hysteria_gateway_ledger_unread_seconds_total",
            .counter,
            "Time in which Hysteria could not be read. Its traffic is counted, and its times are estimated."
        )
        writer.sample(Double(statistics.unreadMilliseconds) / 1000)
        writer.single(
            "hysteria_gateway_ledger_journal_rows",
            .gauge,
            "Readings that are not in the history's tables yet.",
            UInt64(snapshot.journalRows)
        )
        writer.begin(
            "hysteria_gateway_ledger_append_duration_seconds",
            .histogram,
            "How long it took until readings and clears were on disk."
        )
        file.appends.write(into: &writer)
        writer.single(
            "hysteria_gateway_ledger_file_bytes",
            .gauge,
            "The size of the ledger's file.",
            UInt64(clamping: file.bytes)
        )
        writer.begin("hysteria_gateway_ledger_clears_total", .counter, "Clears of views, by how their answers ended.")
        for (count, value) in statistics.clears.sorted(by: {
            ($0.key.view, $0.key.verdict.rawValue) < ($1.key.view, $1.key.verdict.rawValue)
        }) {
            let verdict =
                switch count.verdict {
                case .undecided: "granted"
                case .delivered: "delivered"
                case .returned: "returned"
                }
            writer.sample(value, [.init("view", count.view), .init("verdict", verdict)])
        }
    }
}
