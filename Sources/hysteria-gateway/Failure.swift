import ArgumentParser
import Gateway
import Glibc
import NIOOpenSSL

/// A failure for people and scripts: a message and an exit code.
struct Failure: Error {
    let words: String
    let code: ExitCode

    init(_ words: String, _ code: ExitCode) {
        self.words = words
        self.code = code
    }

    /// The failure that an error means to the caller of the command; nil for one that the parser explains.
    init?(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as CommandWords.Unknown: self.init("\(error)", .validationFailure)
        case let error as ListenerError: self.init("\(error)", error.code == EACCES ? .noPermission : .unavailable)
        case let error as HandoverError: self.init("\(error)", .unavailable)
        case let error as StartingResources.Shortage: self.init("\(error)", .systemError)
        case let error as DemoFolderFailure: self.init("\(error)", .cannotCreate)
        case is ConfigurationError, is ServiceEnvironment.Fault, is IdentityErrors, is TLSError:
            self.init("\(error)", .badConfiguration)
        default: return nil
        }
    }
}
