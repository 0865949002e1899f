/// Checks that the process may have as many descriptors as the limits promise connections.
struct DescriptorCheck {
    let results: [CheckResult]

    init(_ limits: Limits, threads: Int, listeners: Int, environment: CheckEnvironment) {
        let budget = DescriptorBudget(threads: threads, listeners: listeners)
        // A warning: the user that serves may have a higher limit than the shell that checks.
        results = budget.shortage(of: environment.descriptors(), for: limits).map { [.warning($0)] } ?? []
    }
}
