import Glibc

/// The environment variables of this process.
enum EnvironmentVariables {
    /// The values of those that are set.
    static func values(of names: [String]) -> [String: String] {
        var values: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { values[name] = String(cString: value) }
        }
        return values
    }
}
