import ACME

/// The metrics of certificates that the gateway gets by itself.
struct CertificateFigures: Sendable {
    /// What can become of an attempt.
    enum Result: String, Sendable, CaseIterable {
        case obtained, failed
    }

    /// Each certificate, as it is kept.
    var certificates: [CertificateStatus] = []
    /// The certificates that are not there yet, as the operator calls them.
    var awaited: [String] = []
    /// Attempts, by authority.
    var attempts: [String: [Result: UInt64]] = [:]
    /// Requests to authorities, by their names and the status of the answer; 0 for none.
    var requests: [String: [Int: UInt64]] = [:]

    mutating func count(_ event: ACMEEvent) {
        switch event {
        case .obtained(let name, _, _): attempts[name.authority, default: [:]][.obtained, default: 0] += 1
        case .refused(let name, _, _, _, _, _, _): attempts[name.authority, default: [:]][.failed, default: 0] += 1
        case .request(let authority, let status): requests[authority, default: [:]][status, default: 0] += 1
        default: break
        }
    }

    func write(into writer: inout MetricsWriter) {
        writer.begin(
            "hysteria_gateway_certificate_placeholder",
            .gauge,
            "1 for each certificate that is not there yet: callers see a self-signed one, or a former one."
        )
        for name in awaited { writer.sample(UInt64(1), [.init("certificate", name)]) }
        writer.begin(
            "hysteria_gateway_acme_failures",
            .gauge,
            "Failed attempts to get a certificate since the last one that was obtained."
        )
        for status in certificates { writer.sample(UInt64(clamping: status.failures), [Self.label(status)]) }
        writer.begin(
            "hysteria_gateway_acme_next_attempt_timestamp_seconds",
            .gauge,
            "When a certificate is ordered next, in seconds since 1970."
        )
        for status in certificates {
            guard let next = status.nextAttempt ?? status.renews else { continue }
            writer.sample(Double(next), [Self.label(status)])
        }
        writer.begin(
            "hysteria_gateway_acme_attempts_total",
            .counter,
            "Attempts to get a certificate, by what became of them."
        )
        for (authority, results) in attempts.sorted(by: { $0.key < $1.key }) {
            for result in Result.allCases {
                writer.sample(results[result] ?? 0, [.init("authority", authority), .init("result", result.rawValue)])
            }
        }
        writer.begin(
            "hysteria_gateway_acme_requests_total",
            .counter,
            "Requests to authorities, by the status of the answer; 0 for none."
        )
        for (authority, statuses) in requests.sorted(by: { $0.key < $1.key }) {
            for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
                writer.sample(count, [.init("authority", authority), .init("status", "\(status)")])
            }
        }
    }

    private static func label(_ status: CertificateStatus) -> MetricsWriter.Label {
        .init("certificate", status.identifiers.map(\.value).joined(separator: ","))
    }
}
