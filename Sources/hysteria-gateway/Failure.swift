import ArgumentParser
import Gateway
import GatewayConfiguration
import Glibc
import Ledger
import NIOOpenSSL

/// A failure for people and scripts: a message and an exit code.
struct CommandError: Error {
    let words: String
    let code: ExitCode

    init(_ words: String, _ code: ExitCode) {
        self.words = words
        self.code = code
    }

    /// The failure that an error means to the caller of the command; nil for one that the parser explains.
    init?(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as CommandWords.UnknownWordError: self.init("\(error)", .validationFailure)
        case let error as ListenerError: self.init("\(error)", error.code == EACCES ? .noPermission : .unavailable)
        case let error as HandoverError: self.init("\(error)", .unavailable)
        case let error as StartingResources.ResourceError: self.init("\(error)", .systemError)
        case let error as DemoFolderError: self.init("\(error)", .cannotCreate)
        case let error as LedgerStorageError: self.init("\(error)", ExitCode(error.exitStatus))
        case let error as CivilZoneError: self.init("\(error)", .badConfiguration)
        case is ConfigurationError, is ServiceEnvironment.EnvironmentError, is IdentityErrors, is TLSError:
            self.init("\(error)", .badConfiguration)
        default: return nil
        }
    }
}

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
