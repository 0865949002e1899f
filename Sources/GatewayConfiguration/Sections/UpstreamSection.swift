import HysteriaStats
import NIOCore

/// `upstream`: where Hysteria's stats API is and how to ask it. What it leaves open is taken from Hysteria's own file.
package enum UpstreamSection: ReloadedSection {
    package typealias Value = StatsUpstream
    package static let key = "upstream"
    package static let mapping: SectionMapping? = SectionMapping(keys: ["address", "secret", "secretFile", "timeout"])
    /// There is no stats API without an address.
    package static let defaultValue: StatsUpstream? = nil

    private static let expectedAddress = "the address of Hysteria's stats API, such as 127.0.0.1:9999"
    private static let times: ClosedRange<TimeAmount> = .milliseconds(100)...TimeAmount.minutes(5)

    package static func readAbsent(in reader: SectionReader) -> StatsUpstream? {
        guard let address = addressOfHysteria(reader) else { return nil }
        return settings(address, secretOfHysteria(reader), StatsUpstream.defaultTimeout, reader)
    }

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> StatsUpstream? {
        guard let keys = value.mapping(of: Self.self) else { return nil }
        let address = keys["address"].map(address) ?? addressOfHysteria(reader, missingIn: keys)
        let secret = readSecret(keys, reader)
        let timeout = keys["timeout"].map { $0.duration(in: times) } ?? StatsUpstream.defaultTimeout
        guard let address, let timeout else { return nil }
        switch secret {
        case .unusable: return nil
        case .absent: return settings(address, nil, timeout, reader)
        case .present(let secret): return settings(address, secret, timeout, reader)
        }
    }

    private static func settings(
        _ address: StatsAddress,
        _ secret: Secret?,
        _ timeout: TimeAmount,
        _ reader: SectionReader
    ) -> StatsUpstream {
        // Who has misspelt the key has a secret.
        if secret == nil,
            !reader.problems.problems.contains(where: { $0.key?.hasPrefix("upstream.secret") ?? false })
        {
            reader.problems.warn(
                line: (reader.top[key] ?? reader.top[HysteriaSection.key])?.keyLine,
                key: "upstream.secret",
                "Hysteria's stats API has no secret: every user of this machine, and of the proxy, can call it",
                advice: "set trafficStats.secret in Hysteria's configuration"
            )
        }
        return StatsUpstream(address: address, secret: secret, timeout: timeout)
    }

    // MARK: - Address

    private static func address(_ value: YAMLValue) -> StatsAddress? {
        guard let text = value.text(expected: expectedAddress) else { return nil }
        do {
            let parsed = try AddressText(text)
            if !parsed.host.isEmpty, parsed.host != "*", parsed.port != 0 {
                return StatsAddress(host: parsed.host, port: parsed.port)
            }
            let meant = AddressMeant(text, for: .upstream).expected
            value.fail(
                "found \(Excerpt.quote(text))",
                expected: parsed.port == 0 ? expectedAddress : meant ?? expectedAddress
            )
            return nil
        } catch {
            let isEmpty = text.isEmpty || Excerpt.mayBeSecret(text)
            let expected = AddressMeant(text, for: .upstream).expected ?? error.expected
            value.fail(
                "found \(AddressMeant.quote(text))",
                expected: isEmpty ? expectedAddress : expected
            )
            return nil
        }
    }

    private static func addressOfHysteria(_ reader: SectionReader, missingIn keys: YAMLMapping? = nil) -> StatsAddress?
    {
        guard let hysteria = reader.value(of: HysteriaSection.self) else { return nil }
        if let hysteria {
            if hysteria.file.statsAddress == nil {
                reader.top[HysteriaSection.key]?.fail(
                    "\(hysteria.path) has no trafficStats.listen: Hysteria's stats API is off",
                    expected: "trafficStats.listen there, or upstream.address here"
                )
            }
            return hysteria.file.statsAddress
        }
        if let keys {
            _ = keys.required("address", expected: expectedAddress)
        } else {
            reader.problems.fail(
                key: key,
                "missing",
                expected: "'upstream' with the address of Hysteria's stats API, or 'hysteria' with its own file"
            )
        }
        return nil
    }

    // MARK: - Secret

    private static func secretOfHysteria(_ reader: SectionReader) -> Secret? {
        reader.value(of: HysteriaSection.self)?.map(\.file)?.secret
    }

    /// What became of the secret.
    private enum Reading {
        case absent
        case unusable
        case present(Secret)
    }

    private static func readSecret(_ keys: YAMLMapping, _ reader: SectionReader) -> Reading {
        let secret: Secret?
        switch (keys["secret"], keys["secretFile"]) {
        case (nil, nil):
            return secretOfHysteria(reader).map(Reading.present) ?? .absent
        case (_?, let value?):
            value.fail("found secret and secretFile", expected: "one of them")
            return .unusable
        case (nil, let value?):
            secret = reader.files.credential(value, of: "secret").flatMap { Self.secret($0, value) }
        case (let value?, nil):
            let text = value.text(expected: "the secret of Hysteria's stats API")
            secret = text.flatMap { Self.secret(Array($0.utf8), value) }
            reader.files.warnIfConfigurationIsOpen(holding: "secret", value)
        }
        return secret.map(Reading.present) ?? .unusable
    }

    private static func secret(_ bytes: [UInt8], _ value: YAMLValue) -> Secret? {
        let text = String(decoding: bytes, as: UTF8.self)
        if let character = text.unicodeScalars.first(where: { $0.value > 0x7F && ConfusableCharacter.isInvisible($0) })
        {
            value.warn(
                "the secret has a character that is invisible, \(ConfusableCharacter.number(character))",
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

extension Configuration {
    /// Hysteria's stats API.
    package var upstream: StatsUpstream { self[UpstreamSection.self] }
}
