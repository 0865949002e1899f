/// How much time compressing may take for how little to send.
package struct GzipLevel: Sendable {
    /// zlib's own number.
    let number: Int32

    /// For what is made for each question: docs/performance.md has what the other levels would gain.
    package static let fast = GzipLevel(number: 1)
    /// For what is made once and sent for as long as the program runs.
    package static let best = GzipLevel(number: 9)
}
