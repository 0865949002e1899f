import GatewayConfiguration
import Logging
import NIOOpenSSL

/// Warnings about a state that have not been logged yet.
struct ServingWarnings {
    private let warnings: [ConfigurationProblem]
    private let problems: [TLSIdentityProblem]
    private let shortage: String?
    private let awaited: [String]

    /// - Parameters:
    ///   - old: The state whose warnings have been logged.
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
        awaited = state.awaited.filter { !(old?.awaited.contains($0) ?? false) }
        let known = Set(old.map { Self.problems(of: $0, now) } ?? [])
        let limits = state.configuration.limits
        shortage =
            limits.connections == old?.configuration.limits.connections
            ? nil : DescriptorBudget(state.configuration).shortage(of: descriptors, for: limits)
        problems = Self.problems(of: state, now).filter { problem in
            // An operator who serves a self-signed certificate knows so, and knows which callers trust it.
            !known.contains(problem) && (problem.isFatal || !problem.isOfSelfSignedLeaf)
        }
    }

    private static func problems(of state: ServingState, _ now: Int64) -> [TLSIdentityProblem] {
        state.identities.problems(at: now, negotiation: state.configuration.tls.negotiation)
    }

    func log(to logger: Logger) {
        for warning in warnings { logger.warning("\(warning)") }
        if let shortage { logger.warning("\(shortage)") }
        for name in awaited {
            logger.warning(
                "a certificate is not there yet: callers see a self-signed placeholder, or the former one, until it is",
                metadata: ["certificate": "\(name)"]
            )
        }
        for problem in problems {
            // Clients without security updates are no reason to page the operator.
            let level: Logger.Level = problem.kind == .noCipherOfSchannel ? .notice : .warning
            logger.log(level: problem.isFatal ? .error : level, "\(problem.words(file: problem.source))")
        }
    }
}
