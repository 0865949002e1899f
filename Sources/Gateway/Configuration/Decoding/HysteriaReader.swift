import HysteriaStats

/// Reads `hysteria`: Hysteria's own file, for what the configuration does not say itself.
struct HysteriaReader {
    /// What became of Hysteria's own file.
    enum Outcome {
        /// There is no `hysteria` key.
        case absent
        /// The file cannot be used; a problem is noted.
        case unusable
        /// What the file says, and the key that names it.
        case found(HysteriaFacts, YAMLValue)
    }

    private let top: YAMLMapping
    private let files: ReferencedFiles

    init(_ top: YAMLMapping, _ files: ReferencedFiles) {
        self.top = top
        self.files = files
    }

    func read() -> Outcome {
        guard let value = top["hysteria"] else { return .absent }
        guard let path = files.path(value, expected: "the path of Hysteria's own configuration") else {
            return .unusable
        }
        return .found(HysteriaFacts(path: path, address: nil, secret: nil, certificates: []), value)
    }
}
