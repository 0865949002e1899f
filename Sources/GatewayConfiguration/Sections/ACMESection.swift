import ACME
import NIOCore

/// `acme`: certificates that the gateway gets by itself.
package enum ACMESection: ReloadedSection {
    /// Nil where it gets none.
    package typealias Value = ACMESettings?
    package static let key = "acme"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: ["names", "authority", "email", "profile", "proofs", "dns", "folder", "group"]
    )
    package static let defaultValue: ACMESettings?? = .some(nil)

    /// How its folder is called in a state directory.
    private static let folderName = "acme"
    private static let expectedName = "a name such as my.site.com, or an address such as 192.0.2.1"

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> ACMESettings?? {
        if value.node.scalar?.string == "none" { return .some(nil) }
        let keys = value.isMapping ? value.mapping(of: Self.self) : nil
        if value.isMapping, keys == nil { return nil }
        guard let named = keys.map({ $0.required("names", expected: expectedName) }) ?? value,
            let names = names(named)
        else { return nil }
        guard let folder = folder(keys?["folder"], value, reader.files) else { return nil }
        var settings = ACMESettings(
            certificates: certificates(names.map(\.identifier)),
            authorities: [],
            folder: folder
        )
        var isWhole = true
        func take<Field>(_ key: String, _ field: WritableKeyPath<ACMESettings, Field>, _ read: (YAMLValue) -> Field?) {
            guard let value = keys?[key] else { return }
            guard let read = read(value) else { return isWhole = false }
            settings[keyPath: field] = read
        }
        take("authority", \.authorities) { AuthorityReader(reader.files).list($0) }
        take("email", \.email) { email($0).map(Optional.some) }
        take("profile", \.profile) {
            $0.text(expected: "a profile of the authority, such as shortlived").map(ProfileRule.named)
        }
        take("dns", \.dns) { dns($0, reader.files).map(Optional.some) }
        take("group", \.group) {
            $0.text(expected: "a group that may read the certificates and their keys").map(Optional.some)
        }
        take("proofs", \.proofKinds, proofs)
        guard isWhole else { return nil }
        if settings.authorities.isEmpty { settings.authorities = [AuthorityReader.usual] }
        if keys?["proofs"] == nil, settings.dns != nil { settings.proofKinds.append(.dns) }
        return canBeProved(names, settings) ? .some(settings) : nil
    }

    // MARK: Names

    private static func names(_ value: YAMLValue) -> [(identifier: Identifier, value: YAMLValue)]? {
        let values = value.isList ? value.list(of: "names and addresses", example: "[my.site.com, 192.0.2.1]") : [value]
        guard let values else { return nil }
        var names: [(identifier: Identifier, value: YAMLValue)] = []
        for value in values {
            guard let text = value.text(expected: expectedName) else { continue }
            do throws(IdentifierError) {
                let identifier = try Identifier(text)
                if names.contains(where: { $0.identifier == identifier }) {
                    value.fail("\(Excerpt.quote(text)) is given more than once", expected: "each name once")
                } else {
                    names.append((identifier, value))
                }
            } catch {
                value.fail("\(error)", expected: expectedName)
            }
        }
        return names.count == values.count ? names : nil
    }

    /// A certificate for each name, so that one that cannot be proved holds up no other; and one for all addresses, which callers by
    /// address get, who name nothing: it stands first.
    private static func certificates(_ names: [Identifier]) -> [[Identifier]] {
        let addresses = names.filter(\.isAddress)
        return (addresses.isEmpty ? [] : [addresses]) + names.filter { !$0.isAddress }.map { [$0] }
    }

    private static func canBeProved(
        _ names: [(identifier: Identifier, value: YAMLValue)],
        _ settings: ACMESettings
    ) -> Bool {
        var isGood = true
        let isPublic = settings.authorities.contains { AuthorityReader.isPublic($0) }
        for (name, value) in names {
            if !settings.proofKinds.contains(where: { $0.canProve(name) }) {
                isGood = false
                value.fail(
                    "\(name.value) cannot be proved by \(settings.proofKinds.map(\.rawValue).joined(separator: " or "))",
                    expected: name.isAddress
                        ? "tls-alpn-01 or http-01 in proofs"
                        : "'dns' with a command: a wildcard is proved by dns-01 alone"
                )
            } else if isPublic, let reason = name.reasonNotPublic {
                isGood = false
                value.fail("\(name.value) \(reason): no public authority gives a certificate for it")
            }
        }
        return isGood
    }

    // MARK: Fields

    private static func folder(_ value: YAMLValue?, _ section: YAMLValue, _ files: ReferencedFiles) -> String? {
        if let value { return files.path(value, expected: "the path of a folder for certificates and keys") }
        if let directory = StateDirectory.current(files.environment) { return "\(directory)/\(folderName)" }
        section.problems.fail(
            line: section.line,
            key: section.path(of: "folder"),
            "missing",
            expected: "a folder for certificates and keys, such as \(StateDirectory.usual)/\(folderName)"
        )
        return nil
    }

    private static func email(_ value: YAMLValue) -> String? {
        let expected = "an address such as me@site.com"
        guard let text = value.text(expected: expected) else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 254,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"\\<>,;:?&".utf8.contains($0) })
        else {
            value.fail("found \(Excerpt.quote(text))", expected: expected)
            return nil
        }
        return text
    }

    private static func proofs(_ value: YAMLValue) -> [ProofKind]? {
        guard let values = value.list(of: "kinds of proof", example: "[tls-alpn-01, http-01]") else { return nil }
        let kinds = values.compactMap { value in
            value.word(among: ProofKind.allCases.map(\.rawValue), kind: "kind of proof").flatMap(
                ProofKind.init(rawValue:)
            )
        }
        return kinds.count == values.count ? kinds : nil
    }

    private static func dns(_ value: YAMLValue, _ files: ReferencedFiles) -> DNSSettings? {
        let expected = "the path of a program that sets a TXT record"
        guard let keys = value.mapping(keys: ["command", "wait"]),
            let command = keys.required("command", expected: expected),
            let path = files.path(command, expected: expected)
        else { return nil }
        guard files.checkReadable(path, for: command) else { return nil }
        guard let wait = keys["wait"] else { return DNSSettings(command: path, wait: 10) }
        guard let pause = wait.duration(in: .zero ... .minutes(30)) else { return nil }
        return DNSSettings(command: path, wait: pause.nanoseconds / 1_000_000_000)
    }
}

extension Configuration {
    /// Which certificates the gateway gets by itself; nil for none.
    package var acme: ACMESettings? { self[ACMESection.self] }
}
