/// A key of the configuration, by which code asks for its value.
package protocol ConfigurationKey: Sendable {
    /// What the key holds.
    associatedtype Value: Sendable
    /// How the file calls it.
    static var key: String { get }
}

/// A key at the top of the configuration. All that is to be known of it stands in its file: its name, what holds where it
/// is left out, how it is read, and what a reload does with it.
///
/// It is known once it stands in ``Configuration/sections``. Its value is `configuration[SomeSection.self]`.
package protocol ConfigurationSection: ConfigurationKey {
    /// The keys below it; nil where it has none.
    static var mapping: SectionMapping? { get }
    /// What holds where the file leaves the key out; nil where it must not, or where that depends on the machine or on other
    /// keys.
    static var defaultValue: Value? { get }

    /// Reads the value; nil, and problems noted, where it cannot be used.
    static func read(_ value: YAMLValue, in reader: SectionReader) -> Value?
    /// What holds where the file leaves the key out; nil, and problems noted, where it must not.
    static func readAbsent(in reader: SectionReader) -> Value?

    /// What differs in what is served by from a reload on, as paths of keys.
    static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String]
    /// What differs and waits for a restart, as paths of keys.
    ///
    /// - Parameter running: What the process was started with.
    static func waiting(running: Configuration, new: Configuration) -> [String]
}

extension ConfigurationSection {
    package static var mapping: SectionMapping? { nil }

    package static func readAbsent(in reader: SectionReader) -> Value? { defaultValue }
}

/// A section that is taken as a whole at a reload.
package protocol ReloadedSection: ConfigurationSection where Value: Equatable {}

extension ReloadedSection {
    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] {
        old.configuration[Self.self] == new.configuration[Self.self] ? [] : [key]
    }

    package static func waiting(running: Configuration, new: Configuration) -> [String] { [] }
}

/// A section that waits as a whole for a restart.
package protocol RestartedSection: ConfigurationSection where Value: Equatable {}

extension RestartedSection {
    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] { [] }

    package static func waiting(running: Configuration, new: Configuration) -> [String] {
        running[Self.self] == new[Self.self] ? [] : [key]
    }
}

/// The keys below a section, or in each entry of it.
package struct SectionMapping {
    /// What the keys belong to.
    package enum Place {
        /// The section itself.
        case section
        /// Each entry of a list.
        case entries
        /// Each entry of a list, if it is more than a single value.
        case someEntries
    }

    package let keys: [String]
    package var place = Place.section
}

extension YAMLValue {
    /// The keys and values of a section, or of an entry of it.
    func mapping(of section: any ConfigurationSection.Type) -> YAMLMapping? {
        mapping(keys: section.mapping?.keys ?? [])
    }
}

extension KeyPlaces {
    /// The places of the keys of all sections, and of those below them.
    init(_ sections: [(key: String, mapping: SectionMapping?)]) {
        var all = [(path: "", keys: sections.map(\.key))]
        for (key, mapping) in sections {
            guard let mapping, mapping.place != .someEntries else { continue }
            all.append((mapping.place == .section ? key : "\(key)[]", mapping.keys))
        }
        for (key, mapping) in sections {
            if let mapping, mapping.place == .someEntries { all.append(("\(key)[]", mapping.keys)) }
        }
        self.init(all)
    }
}
