import JSON

extension Optional {
    /// The value of a member that has to be there.
    ///
    /// - Parameter owner: the user whose it is; nil where it is a stream's.
    func required(_ member: StaticString, of owner: String?) throws(JSONError) -> Wrapped {
        guard let self else {
            throw JSONError(offset: 0, reason: "\(owner.map { "'\($0)'" } ?? "a stream") has no '\(member)'")
        }
        return self
    }
}
