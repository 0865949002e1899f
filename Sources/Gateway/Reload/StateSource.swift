import GatewayConfiguration
import NIOOpenSSL

/// Where a serving state is read from, as often as need be.
package struct StateSource: Sendable {
    /// Why a configuration is rejected, in one text.
    struct LoadError: Error, CustomStringConvertible {
        let description: String
        /// Whether it may be a renewal that has not written all of its files yet.
        var isIncomplete = false
    }

    private let path: String
    private let environment: @Sendable () -> ConfigurationEnvironment

    /// Describes a source.
    ///
    /// - Parameters:
    ///   - path: The configuration.
    ///   - environment: The machine, as it is when the configuration is read.
    package init(
        path: String,
        environment: @escaping @Sendable () -> ConfigurationEnvironment = { .system() }
    ) {
        self.path = path
        self.environment = environment
    }

    /// Reads and verifies everything again. Changes nothing.
    func load(after previous: ServingState) throws(LoadError) -> ServingState {
        var environment = environment()
        environment.awaitsCertificates = !previous.awaited.isEmpty
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try Configuration.load(path: path, environment: environment)
        } catch {
            throw LoadError(description: Self.oneLine(error.problems))
        }
        let identities: TLSIdentitySet
        do throws(IdentityErrors) {
            identities = try configuration.loadIdentities(
                awaitingFiles: environment.awaitsCertificates,
                after: previous.identities
            )
        } catch {
            throw LoadError(description: Self.oneLine(error.errors), isIncomplete: error.isIncomplete)
        }
        try verifyUse(of: identities, after: previous, now: environment.now())
        do throws(TLSError) {
            return try ServingState(configuration: configuration, identities: identities, after: previous)
        } catch {
            throw LoadError(description: "\(error)")
        }
    }

    /// A certificate that no caller can use, because it has expired or is unusable, does not replace another one. One
    /// that is served already is kept: without it, nothing would be better.
    private func verifyUse(of identities: TLSIdentitySet, after previous: ServingState, now: Int64) throws(LoadError) {
        let served = Set(previous.identities.identities.map(\.certificates))
        let problems = identities.identities.filter { !served.contains($0.certificates) }
            .flatMap { $0.problems(at: now) }.filter(\.isFatal)
        if !problems.isEmpty { throw LoadError(description: Self.oneLine(problems.map { $0.words(file: $0.source) })) }
    }

    private static func oneLine(_ problems: [some CustomStringConvertible]) -> String {
        problems.map(\.description).joined(separator: "; ")
    }
}
