import Glibc
import HysteriaStats
import NIOCore

/// The world around a configuration: files, time and the process, so that a test can hold them.
package struct ConfigurationEnvironment: Sendable {
    /// The file system.
    package var files: FileAccess
    /// The environment variables.
    package var variables: [String: String]
    /// The directory in which relative paths begin.
    package var workingDirectory: String
    /// The seconds since 1970.
    package var now: @Sendable () -> Int64
    /// The number of cores.
    package var cores: Int
    /// The name of the effective user.
    package var user: String
    /// The names of the groups of the process, the effective one first.
    package var groups: [String]
    /// Whether certificates that are not there yet are awaited: at a start, and as long as others are. Then a missing file is no error.
    package var awaitsCertificates = false

    /// Makes an environment.
    package init(
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
    package static func system() -> ConfigurationEnvironment {
        ConfigurationEnvironment(
            files: .system,
            variables: EnvironmentVariables.values(
                of: [HysteriaConfigurationFile.directoryVariable, StateDirectory.variable]
            ),
            workingDirectory: FilePath.workingDirectory(),
            now: { Int64(time(nil)) },
            cores: System.coreCount,
            user: SystemNames.user(geteuid()),
            groups: SystemNames.ownGroups()
        )
    }
}

/// The environment variables of this process.
package enum EnvironmentVariables {
    /// The values of those that are set.
    package static func values(of names: [String]) -> [String: String] {
        var values: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { values[name] = String(cString: value) }
        }
        return values
    }
}

/// Where the service may keep what has to last.
package enum StateDirectory {
    /// The variable in which systemd passes on `StateDirectory`: a list with colons, in the order of the unit.
    package static let variable = "STATE_DIRECTORY"
    /// What the unit's directory is called.
    package static let usual = "/var/lib/hysteria-gateway"

    /// The one of this process; nil where there is none that it may write to.
    static func current(_ environment: ConfigurationEnvironment) -> String? {
        // systemd gives a list; the first is the one that the unit names first.
        if let given = environment.variables[variable]?.split(separator: ":").first, given.hasPrefix("/") {
            return String(given)
        }
        guard case .success(let status) = environment.files.status(usual), status.kind == .directory,
            environment.files.permits(.write, usual)
        else { return nil }
        return usual
    }
}
