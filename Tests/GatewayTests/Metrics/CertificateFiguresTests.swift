import ACME
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite("Figures of certificates are those of the scrape")
struct CertificateFiguresTests {
    @Test("before anything has happened, and with what has been counted")
    func atEachScrape() async throws {
        let metrics = GatewayMetrics()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        #expect(try await metrics.certificates(on: loop).get().certificates.isEmpty)
        let status = CertificateStatus(
            identifiers: [.name("my.site.com")],
            state: .waiting,
            authority: .letsEncrypt,
            certificate: nil,
            place: nil,
            renews: nil,
            failures: 3,
            nextAttempt: 1_700_000_000,
            problem: nil
        )
        metrics.setCertificateSource { [status] }
        metrics.updateCertificates { $0.awaited = ["my.site.com"] }
        let figures = try await metrics.certificates(on: loop).get()
        var writer = MetricsWriter()
        figures.write(into: &writer)
        let text = String(buffer: writer.buffer)
        for sample in [
            #"hysteria_gateway_certificate_placeholder{certificate="my.site.com"} 1"#,
            #"hysteria_gateway_acme_failures{certificate="my.site.com"} 3"#,
            #"hysteria_gateway_acme_next_attempt_timestamp_seconds{certificate="my.site.com"} 1700000000.0"#,
        ] {
            #expect(text.contains(sample))
        }
        metrics.setCertificateSource(nil)
        #expect(try await metrics.certificates(on: loop).get().certificates.isEmpty)
    }
}
