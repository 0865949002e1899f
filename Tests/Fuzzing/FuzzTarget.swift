/// A part of the gateway that takes bytes from outside, and what has to hold of it whatever they are.
protocol FuzzTarget: Sendable {
    /// What the command line calls it.
    var name: String { get }
    /// Inputs to begin with, good and bad.
    var seeds: [[UInt8]] { get }
    /// What its grammar is made of, which chance alone would take long to spell.
    var words: [String] { get }
    /// The greatest size of an input in bytes: a short one is taken quickly, and most faults need no long one.
    var longest: Int { get }
    /// Takes one input. What must not be ends the process, by ``require(_:_:)`` or by Swift's own checks.
    func take(_ input: UnsafeRawBufferPointer)
}

/// All of them.
let fuzzTargets: [any FuzzTarget] = [
    HTTP1Target(), ChunkedTarget(), HTTP2Target(), RequestTargetTarget(), AuthorizationTarget(), AcceptTarget(),
    EncodingTarget(), EntityTagTarget(),
    ResponseTarget(), JSONTarget(), AuthorityTarget(),
]

extension FuzzTarget {
    /// The words as bytes: a character is one of them.
    var spelledWords: [[UInt8]] {
        words.map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
    }

    /// The words in the form that libFuzzer reads.
    var dictionary: String {
        spelledWords.map { word in
            let bytes = word.map { byte in
                let digits = String(byte, radix: 16)
                return "\\x" + (digits.count < 2 ? "0" : "") + digits
            }
            return "\"\(bytes.joined())\"\n"
        }.joined()
    }
}

/// The elements of a list with commas, the empty ones too.
func listElements(_ list: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
    list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(
        UnsafeRawBufferPointer.init(rebasing:)
    )
}

/// Ends the process unless `condition` holds, and says what was found.
func require(_ condition: Bool, _ finding: @autoclosure () -> String) {
    if !condition { fatalError(finding()) }
}
