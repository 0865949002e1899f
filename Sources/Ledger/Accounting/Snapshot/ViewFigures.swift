/// A view, without its figures.
package struct ViewFigures: Hashable, Sendable {
    package let id: ViewID
    package let name: String
    /// Milliseconds since 1970.
    package let began: Int64
    package let lastUsed: Int64
    /// The cursor up to which the consumer has taken; nil: it has never used one.
    package let acknowledged: Int64?
    /// The cursor that it was offered.
    package let offered: Int64?
    /// Those that are kept, the oldest first.
    package let clears: [ClearImage]

    package init(
        id: ViewID,
        name: String,
        began: Int64,
        lastUsed: Int64,
        acknowledged: Int64?,
        offered: Int64?,
        clears: [ClearImage]
    ) {
        self.id = id
        self.name = name
        self.began = began
        self.lastUsed = lastUsed
        self.acknowledged = acknowledged
        self.offered = offered
        self.clears = clears
    }
}
