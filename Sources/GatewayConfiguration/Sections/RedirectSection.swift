/// `redirect`: the address that sends plain HTTP callers to HTTPS.
package enum RedirectSection: RestartedSection {
    /// Nil where no plain HTTP is taken.
    package typealias Value = ListenAddress?
    package static let key = "redirect"
    package static let defaultValue: ListenAddress?? = .some(nil)

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> ListenAddress?? {
        reader.value(of: ListenSection.self)
        var addresses = reader.values[ListenAddresses.self] ?? ListenAddresses()
        guard let address = addresses.add(value) else { return nil }
        return .some(address)
    }
}

extension Configuration {
    /// The address that sends plain HTTP callers to HTTPS; nil where there is none.
    package var redirect: ListenAddress? { self[RedirectSection.self] }
}
