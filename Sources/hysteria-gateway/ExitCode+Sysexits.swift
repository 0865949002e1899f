import ArgumentParser

/// The exit codes of `sysexits.h` that the command uses, beside `validationFailure`, which is `EX_USAGE`, 64.
extension ExitCode {
    /// `EX_UNAVAILABLE`: something that is needed is unavailable.
    static let unavailable = ExitCode(69)
    /// `EX_OSERR`: the system lacks a resource.
    static let systemError = ExitCode(71)
    /// `EX_CANTCREAT`: a file cannot be written.
    static let cannotCreate = ExitCode(73)
    /// `EX_NOPERM`: a permission is missing.
    static let noPermission = ExitCode(77)
    /// `EX_CONFIG`: the configuration, or a file it names, cannot be used.
    static let badConfiguration = ExitCode(78)
}
