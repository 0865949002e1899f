import Logging
import NIOOpenSSL

/// What works in a state and is better mended, as far as it has not been told.
struct ServingWarnings {
    private let warnings: [ConfigurationProblem]
    private let problems: [TLSIdentityProblem]
    private let shortage: String?

    /// - Parameters:
    ///   - old: The state of which everything has been told.
    ///   - now: Seconds since 1970.
    ///   - descriptors: How many the process may have.
    init(
        _ state: ServingState,
        since old: ServingState? = nil,
        now: Int64,
        descriptors: Int = DescriptorLimit.current().soft
    ) {
        let told = Set(old?.configuration.warnings ?? [])
        warnings = state.configuration.warnings.filter { !told.contains($0) }
        let known = Set(old?.identities.problems(at: now) ?? [])
        let limits = state.configuration.limits
        shortage =
            limits.connections == old?.configuration.limits.connections
            ? nil : DescriptorBudget(state.configuration).shortage(of: descriptors, for: limits)
        // Whoever serves with a certificate that vouches for itself knows it.
        problems = state.identities.problems(at: now).filter { $0.kind != .selfSigned && !known.contains($0) }
    }

    func log(to logger: Logger) {
        for warning in warnings { logger.warning("\(warning)") }
        if let shortage { logger.warning("\(shortage)") }
        for problem in problems {
            logger.log(level: problem.isFailure ? .error : .warning, "\(problem.words(file: problem.source))")
        }
    }
}
