import Glibc
import HysteriaStats
import NIOCore

/// The world around a configuration: files, time and the process, so that a test can hold them.
public struct ConfigurationEnvironment: Sendable {
    /// The file system.
    public var files: FileAccess
    /// The environment variables.
    public var variables: [String: String]
    /// The directory in which relative paths begin.
    public var workingDirectory: String
    /// The seconds since 1970.
    public var now: @Sendable () -> Int64
    /// The number of cores.
    public var cores: Int
    /// The name of the effective user.
    public var user: String
    /// The names of the groups of the process, the effective one first.
    public var groups: [String]

    /// Makes an environment.
    public init(
        files: FileAccess,
        variables: [String: String],
        workingDirectory: String,
        now: @escaping @Sendable () -> Int64,
        cores: Int,
        user: String,
        groups: [String]
    ) {
        self.files = files
        self.variables = variables
        self.workingDirectory = workingDirectory
        self.now = now
        self.cores = cores
        self.user = user
        self.groups = groups
    }

    /// This machine, now.
    public static func system() -> ConfigurationEnvironment {
        ConfigurationEnvironment(
            files: .system,
            variables: EnvironmentVariables.values(of: [HysteriaConfigurationFile.directoryVariable]),
            workingDirectory: FilePath.workingDirectory(),
            now: { Int64(time(nil)) },
            cores: System.coreCount,
            user: SystemNames.user(geteuid()),
            groups: SystemNames.ownGroups()
        )
    }
}

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
