import ArgumentParser
import Gateway
import Glibc
import NIOOpenSSL

/// The exit codes of `sysexits.h` that the command uses.
extension ExitCode {
    /// `EX_UNAVAILABLE`: something that is needed cannot be had.
    static let unavailable = ExitCode(69)
    /// `EX_SOFTWARE`: a fault of the program.
    static let software = ExitCode(70)
    /// `EX_NOPERM`: a permission is missing.
    static let noPermission = ExitCode(77)
    /// `EX_CONFIG`: the configuration, or a file it names, cannot be used.
    static let badConfiguration = ExitCode(78)
}

/// Failures that people meet, with the exit codes that scripts see.
enum Failure {
    /// Does `body`; what it throws is printed in words and becomes an exit code.
    static func explaining<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as ListenerError {
            Terminal.complain("\(error)")
            throw error.code == EACCES ? ExitCode.noPermission : ExitCode.unavailable
        } catch let error as HandoverError {
            Terminal.complain("\(error)")
            throw ExitCode.unavailable
        } catch let error as ServiceEnvironment.Fault {
            Terminal.complain("\(error)")
            throw ExitCode.badConfiguration
        } catch let error as IdentityErrors {
            Terminal.complain("\(error)")
            throw ExitCode.badConfiguration
        } catch let error as TLSError {
            Terminal.complain("\(error)")
            throw ExitCode.badConfiguration
        }
    }
}
