import HysteriaStats
import NIOCore

/// Reads `upstream`, and takes what it leaves open from Hysteria's own file.
struct UpstreamReader {
    static let keys = ["address", "secret", "secretFile", "timeout"]

    private static let expectedAddress = "the address of Hysteria's stats API, such as 127.0.0.1:9999"
    private static let times: ClosedRange<TimeAmount> = .milliseconds(100)...TimeAmount.minutes(5)

    private let top: YAMLMapping
    private let files: ReferencedFiles
    private let hysteria: HysteriaReader.Outcome

    init(_ top: YAMLMapping, _ files: ReferencedFiles, _ hysteria: HysteriaReader.Outcome) {
        self.top = top
        self.files = files
        self.hysteria = hysteria
    }

    /// The upstream; nil, and problems noted, where it cannot be used.
    func read() -> UpstreamSettings? {
        guard let value = top["upstream"] else {
            guard let address = addressOfHysteria() else { return nil }
            return settings(address, secretOfHysteria, UpstreamSettings.defaultTimeout)
        }
        guard let mapping = value.mapping(keys: UpstreamReader.keys) else { return nil }
        let address = mapping["address"].map(address) ?? addressOfHysteria(missingIn: mapping)
        let secret = readSecret(mapping)
        let timeout =
            mapping["timeout"].map { $0.duration(in: UpstreamReader.times) } ?? UpstreamSettings.defaultTimeout
        guard let address, let timeout else { return nil }
        switch secret {
        case .unusable: return nil
        case .absent: return settings(address, nil, timeout)
        case .present(let secret): return settings(address, secret, timeout)
        }
    }

    private func settings(_ address: StatsAddress, _ secret: Secret?, _ timeout: TimeAmount) -> UpstreamSettings {
        // Who has misspelt the key has a secret.
        if secret == nil,
            !top.value.problems.problems.contains(where: { $0.key?.hasPrefix("upstream.secret") ?? false })
        {
            top.value.problems.warn(
                line: (top["upstream"] ?? top["hysteria"])?.keyLine,
                key: "upstream.secret",
                "Hysteria's stats API has no secret: every user of this machine, and of the proxy, can call it",
                advice: "set trafficStats.secret in Hysteria's configuration"
            )
        }
        return UpstreamSettings(address: address, secret: secret, timeout: timeout)
    }

    // MARK: - Address

    private func address(_ value: YAMLValue) -> StatsAddress? {
        guard let text = value.text(expected: UpstreamReader.expectedAddress) else { return nil }
        do {
            let parsed = try AddressText(text)
            if !parsed.host.isEmpty, parsed.host != "*", parsed.port != 0 {
                return StatsAddress(host: parsed.host, port: parsed.port)
            }
            let meant = AddressMeant(text, for: .upstream).expected
            value.fail(
                "found \(Excerpt.quote(text))",
                expected: parsed.port == 0 ? UpstreamReader.expectedAddress : meant ?? UpstreamReader.expectedAddress
            )
            return nil
        } catch {
            let isEmpty = text.isEmpty || Excerpt.mayBeSecret(text)
            let expected = AddressMeant(text, for: .upstream).expected ?? error.expected
            value.fail(
                "found \(AddressMeant.quote(text))",
                expected: isEmpty ? UpstreamReader.expectedAddress : expected
            )
            return nil
        }
    }

    private func addressOfHysteria(missingIn mapping: YAMLMapping? = nil) -> StatsAddress? {
        switch hysteria {
        case .found(let source):
            if source.file.statsAddress == nil {
                source.value.fail(
                    "\(source.path) has no trafficStats.listen: Hysteria's stats API is off",
                    expected: "trafficStats.listen there, or upstream.address here"
                )
            }
            return source.file.statsAddress
        case .unusable:
            return nil
        case .absent:
            if let mapping {
                _ = mapping.required("address", expected: UpstreamReader.expectedAddress)
            } else {
                top.value.problems.fail(
                    key: "upstream",
                    "missing",
                    expected: "'upstream' with the address of Hysteria's stats API, or 'hysteria' with its own file"
                )
            }
            return nil
        }
    }

    // MARK: - Secret

    private var secretOfHysteria: Secret? {
        if case .found(let source) = hysteria { source.file.secret } else { nil }
    }

    /// What became of the secret.
    private enum Reading {
        case absent
        case unusable
        case present(Secret)
    }

    private func readSecret(_ mapping: YAMLMapping) -> Reading {
        let secret: Secret?
        switch (mapping["secret"], mapping["secretFile"]) {
        case (nil, nil):
            return secretOfHysteria.map(Reading.present) ?? .absent
        case (_?, let value?):
            value.fail("found secret and secretFile", expected: "one of them")
            return .unusable
        case (nil, let value?):
            secret = files.credential(value, of: "secret").flatMap { self.secret($0, value) }
        case (let value?, nil):
            let text = value.text(expected: "the secret of Hysteria's stats API")
            secret = text.flatMap { self.secret(Array($0.utf8), value) }
            files.warnIfConfigurationIsOpen(holding: "secret", value)
        }
        return secret.map(Reading.present) ?? .unusable
    }

    private func secret(_ bytes: [UInt8], _ value: YAMLValue) -> Secret? {
        let text = String(decoding: bytes, as: UTF8.self)
        if let character = text.unicodeScalars.first(where: { $0.value > 0x7F && ConfusableCharacter.isInvisible($0) })
        {
            value.warn(
                "the secret has a character that is not to be seen, \(ConfusableCharacter.number(character))",
                advice: "make sure that Hysteria's has it, too"
            )
        }
        do {
            return try Secret(bytes: bytes)
        } catch {
            value.fail("\(error)", expected: "the secret of Hysteria's stats API (trafficStats.secret)")
            return nil
        }
    }
}
