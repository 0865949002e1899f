@testable import Gateway
@testable import GatewayConfiguration

/// Pieces of configurations, and what reading them gives.
enum ConfigurationFixture {
    static let hash = "sha256:" + String(repeating: "0123456789abcdef", count: 4)

    static let upstream = "upstream: {address: 127.0.0.1:9999, secret: some_secret}\n"
    static let certificates = "certificates: [{certificate: fullchain.pem, key: privkey.pem}]\n"
    static let tokens = "tokens: [{name: phone, hash: \(hash), scopes: [traffic]}]\n"

    /// All that a configuration must have.
    static let minimal = upstream + certificates + tokens

    /// Reads a configuration from `/etc/gw/config.yaml`, called `config.yaml` in messages.
    static func load(
        _ text: String,
        _ change: (inout FakeFiles) -> Void = { _ in }
    ) throws(ConfigurationError) -> Configuration {
        var files = FakeFiles(configuration: text)
        change(&files)
        var environment = files.environment
        environment.workingDirectory = "/etc/gw"
        return try Configuration.load(path: "config.yaml", environment: environment)
    }

    /// The problems of a configuration, one per line.
    static func problems(_ text: String, _ change: (inout FakeFiles) -> Void = { _ in }) -> [String] {
        do {
            _ = try load(text, change)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// The warnings of a configuration that works.
    static func warnings(_ text: String, _ change: (inout FakeFiles) -> Void = { _ in }) -> [String] {
        do {
            return try load(text, change).warnings.map(\.description)
        } catch {
            return ["not read: \(error)"]
        }
    }
}
