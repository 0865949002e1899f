/// An address that serves HTTPS, and what holds there: an entry of `listen` in the configuration.
package struct ListenSettings: Sendable, Hashable {
    /// Where it stands in the configuration, such as `listen[1]`.
    package let key: String
    /// The address.
    package let address: ListenAddress
    /// Which certificates callers have to show there.
    package let clientCertificates: ListenerClientCertificates

    /// Makes an entry.
    package init(
        key: String = "listen",
        address: ListenAddress,
        clientCertificates: ListenerClientCertificates = .inherited
    ) {
        self.key = key
        self.address = address
        self.clientCertificates = clientCertificates
    }
}

/// `listen`: the addresses that serve HTTPS, each alone or with what holds there.
package enum ListenSection: ConfigurationSection {
    /// At least one.
    package typealias Value = [ListenSettings]
    package static let key = "listen"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: ["address", "clientCertificates"],
        place: .someEntries
    )
    package static let defaultValue: [ListenSettings]? = [ListenSettings(address: ListenAddress(host: nil, port: 443))]

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> [ListenSettings]? {
        var addresses = ListenAddresses()
        var settings: [ListenSettings] = []
        let values = value.isList ? value.list(of: "addresses") : [value]
        addresses.isWhole = values != nil
        for value in values ?? [] {
            let entry = entry(value, reader)
            guard let address = entry.address.flatMap({ addresses.add($0) }) else {
                addresses.isWhole = false
                continue
            }
            guard let rule = entry.clientCertificates else { continue }
            settings.append(ListenSettings(key: value.key ?? key, address: address, clientCertificates: rule))
        }
        reader.note(addresses, as: ListenAddresses.self)
        return addresses.isWhole && settings.count == addresses.taken.count ? settings : nil
    }

    package static func readAbsent(in reader: SectionReader) -> [ListenSettings]? {
        let taken = (defaultValue ?? []).map { ListenAddresses.Taken(address: $0.address, line: nil) }
        reader.note(ListenAddresses(taken: taken), as: ListenAddresses.self)
        return defaultValue
    }

    /// The parts of an entry, which may be an address alone.
    private static func entry(
        _ value: YAMLValue,
        _ reader: SectionReader
    ) -> (address: YAMLValue?, clientCertificates: ListenerClientCertificates?) {
        guard value.isMapping else { return (value, .inherited) }
        guard let keys = value.mapping(of: Self.self) else { return (nil, nil) }
        return (
            keys.required("address", expected: ListenAddresses.expected),
            ClientCertificatesSection.readOwn(keys["clientCertificates"], in: reader)
        )
    }

    /// How callers are verified at an address, as far as its own entry says it.
    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] {
        zip(old.listeners, new.listeners).flatMap { old, new in
            let key = "\(new.settings.key).\(ClientCertificatesSection.key)"
            return switch (old.settings.clientCertificates, new.settings.clientCertificates) {
            case (.inherited, .inherited):
                [] as [String]
            case (.own, .own):
                ClientCertificatesSection.taken(key, from: old.clientVerification, to: new.clientVerification)
            default:
                old.clientVerification == new.clientVerification ? [] : [key]
            }
        }
    }

    /// Sockets are bound once.
    package static func waiting(running: Configuration, new: Configuration) -> [String] {
        running.listen.map(\.address) == new.listen.map(\.address) ? [] : [key]
    }
}

extension Configuration {
    /// The addresses that serve HTTPS; at least one.
    package var listen: [ListenSettings] { self[ListenSection.self] }
}
