/// A part of the gateway that takes bytes from outside, and what has to hold of it whatever they are.
protocol FuzzTarget: Sendable {
    /// What the command line calls it.
    var name: String { get }
    /// Inputs to begin with, good and bad.
    var seeds: [[UInt8]] { get }
    /// Takes one input. What must not be ends the process, by ``require(_:_:)`` or by Swift's own checks.
    func take(_ input: UnsafeRawBufferPointer)
}

/// All of them.
let fuzzTargets: [any FuzzTarget] = [
    HTTP1Target(), ChunkedTarget(), RequestTargetTarget(), AuthorizationTarget(), AcceptTarget(), JSONTarget(),
]

/// Ends the process unless `condition` holds, and says what was found.
func require(_ condition: Bool, _ finding: @autoclosure () -> String) {
    if !condition { fatalError(finding()) }
}
