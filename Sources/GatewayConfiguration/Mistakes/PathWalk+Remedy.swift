extension PathWalk.Obstacle {
    /// What ends it; nil where the words say all.
    func remedy(in environment: ConfigurationEnvironment) -> String? {
        switch self {
        case .closed(let path, let status):
            return Self.opening(path, status, bits: (0o100, 0o010), letter: "x", environment)
        case .unreadable(let path, let status):
            return Self.opening(path, status, bits: (0o400, 0o040), letter: "r", environment)
        case .directory(let path):
            return "name a file in it: \(path == "/" ? "" : path)/…"
        case .missing, .notADirectory, .notRegular, .tooManyLinks, .other:
            return nil
        }
    }

    /// The change that gives this user no more than what is lacking, or who it is to be run as.
    private static func opening(
        _ path: String,
        _ status: FileStatus,
        bits: (owner: UInt16, group: UInt16),
        letter: String,
        _ environment: ConfigurationEnvironment
    ) -> String {
        let quoted = ShellText.quote(path)
        if status.owner == environment.user { return "run: chmod u+\(letter) \(quoted)" }
        if environment.groups.contains(status.group) { return "run: chmod g+\(letter) \(quoted)" }
        if status.permissions & bits.group != 0, status.group != "root" {
            return "run it as root or as a user of the group '\(status.group)'"
        }
        if letter == "x", path == "/root" || path.hasPrefix("/home/") {
            return "keep the file where user '\(environment.user)' may go, such as /etc/hysteria-gateway"
        }
        let group = environment.groups.first ?? environment.user
        return "run: chgrp \(group) \(quoted) && chmod g+\(letter) \(quoted)"
    }
}
