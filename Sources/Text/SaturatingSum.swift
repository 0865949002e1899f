extension UInt64 {
    /// The sum, or the largest value where 64 bits cannot hold it.
    @inlinable
    package func saturatingSum(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
