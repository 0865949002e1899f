/// zlib could not compress.
package struct GzipError: Error, Equatable, CustomStringConvertible {
    /// What zlib returned.
    let code: Int32

    package var description: String { "zlib cannot compress (error \(code)); the machine may be short of memory" }
}
