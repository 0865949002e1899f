import Foundation
import HysteriaStats
import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Certificates that are not there yet")
final class PlaceholderTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "placeholder-\(UUID().uuidString)"
    ).path

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func candidate(_ name: String) -> CertificateCandidate {
        CertificateCandidate(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key")
    }

    @discardableResult
    private func write(_ name: String, days: Int = 30, names: [String] = ["my.site.com"]) throws -> TLSIdentity {
        let identity = try TLSIdentity.throwaway(names: names, days: days)
        try Data(identity.certificateChainPEM).write(to: URL(fileURLWithPath: "\(folder)/\(name).pem"))
        try Data(identity.privateKeyPEM).write(to: URL(fileURLWithPath: "\(folder)/\(name).key"))
        return identity
    }

    private func acme(_ names: String...) -> ACMEIdentity {
        ACMEIdentity(names: ["my.site.com"], candidates: names.map { candidate($0) }, place: nil)
    }

    private func configuration(_ pairs: [CertificateFiles]) throws -> Configuration {
        var values = SectionValues.defaults
        values[ListenSection.self] = [ListenSettings(address: ListenAddress(host: "127.0.0.1", port: 0))]
        values[ThreadsSection.self] = 1
        values[UpstreamSection.self] = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 9), secret: nil)
        values[CertificatesSection.self] = pairs
        values[TokensSection.self] = []
        values[AccessLogSection.self] = .some(nil)
        return Configuration(values)
    }

    @Test(
        "of several authorities' certificates, the one that lasts longest is served, and what cannot be read is as good as absent"
    )
    func longest() throws {
        #expect(PlaceholderIdentity.isPlaceholder(try acme("a", "b").load()))
        let first = try write("a", days: 3)
        #expect(try acme("a", "b").load().leaf == first.leaf)
        let second = try write("b", days: 90)
        #expect(try acme("a", "b").load().leaf == second.leaf)
        try Data("-----BEGIN".utf8).write(to: URL(fileURLWithPath: "\(folder)/b.pem"))
        #expect(try acme("a", "b").load().leaf == first.leaf)
    }

    @Test("a placeholder is for the same names, says what it is, and is the same at each reload")
    func placeholder() throws {
        let identity = try acme("a").load()
        #expect(identity.leaf.covers(name: "my.site.com"))
        #expect(identity.leaf.subject.contains("no certificate yet"))
        #expect(try acme("a").load().leaf == identity.leaf)
        #expect(acme("a").isAwaited(with: identity))
        let real = try write("a")
        #expect(real.leaf != identity.leaf)
        #expect(!acme("a").isAwaited(with: try acme("a").load()))
    }

    @Test("what was served for the names before stands in for a placeholder")
    func former() throws {
        let old = try TLSIdentity.throwaway(names: ["my.site.com", "www.site.com"])
        let origin = CertificateFiles.Origin.acme(names: ["my.site.com"], candidates: [candidate("a")])
        let pair = CertificateFiles(certificate: "\(folder)/a.pem", key: "\(folder)/a.key", origin: origin)
        let set = try configuration([pair]).loadIdentities(after: TLSIdentitySet([old]))
        #expect(set.identities.map(\.leaf) == [old.leaf])
        let others = try TLSIdentitySet([TLSIdentity.throwaway(names: ["other.site.com"])])
        let placeholder = try configuration([pair]).loadIdentities(after: others)
        #expect(placeholder.identities.allSatisfy { PlaceholderIdentity.isPlaceholder($0) })
    }

    @Test(
        "files that are missing or do not fit yet are awaited at a start, and an error otherwise",
        arguments: [true, false]
    )
    func files(areMissing: Bool) throws {
        if !areMissing {
            try write("a")
            let other = try TLSIdentity.throwaway(names: ["my.site.com"])
            try Data(other.privateKeyPEM).write(to: URL(fileURLWithPath: "\(folder)/a.key"))
        }
        let pair = CertificateFiles(certificate: "\(folder)/a.pem", key: "\(folder)/a.key")
        let configuration = try configuration([pair])
        #expect(throws: IdentityErrors.self) { try configuration.loadIdentities() }
        let awaited = try configuration.loadIdentities(awaitingFiles: true)
        #expect(awaited.identities.allSatisfy { PlaceholderIdentity.isPlaceholder($0) })
        let state = try ServingState(configuration: configuration, identities: awaited)
        #expect(state.awaited == ["\(folder)/a.pem"])
        let real = try write("a")
        #expect(try configuration.loadIdentities(awaitingFiles: true).identities.map(\.leaf) == [real.leaf])
    }
}
