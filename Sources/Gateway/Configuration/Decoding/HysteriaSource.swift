import HysteriaStats

/// Hysteria's own configuration, and the key that names it.
struct HysteriaSource {
    /// The absolute path of the file.
    let path: String
    /// What the file says.
    let file: HysteriaConfigurationFile
    /// The value of `hysteria`, where problems with the file belong.
    let value: YAMLValue
}
