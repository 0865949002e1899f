/// The formats that Hysteria reads, which it tells apart by the name of the file.
enum ConfigurationFormat {
    private static let unread = [
        "toml": "TOML", "hcl": "HCL", "tfvars": "HCL", "ini": "INI", "properties": "Java properties",
        "props": "Java properties", "prop": "Java properties", "env": "dotenv", "dotenv": "dotenv",
    ]

    /// The format that a file of this path has for Hysteria, if only Hysteria reads it.
    static func unread(path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return unread[name[name.index(after: dot)...].lowercased()]
    }
}
