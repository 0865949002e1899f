import HTTPServer

/// What may be done with the contents of a call on their way to callers.
struct ContentRules: OptionSet {
    let rawValue: UInt8

    /// They go out compressed to who takes that.
    ///
    /// Never where text that an attacker chooses stands beside what they must not learn (BREACH): the length of what is
    /// compressed tells how much of the one is in the other.
    static let compressed = ContentRules(rawValue: 1 << 0)
    /// They have an entity tag, and who has them already is told that they have not changed. Never where an answer is given
    /// once.
    static let tagged = ContentRules(rawValue: 1 << 1)
    /// `Accept` chooses their form.
    static let negotiated = ContentRules(rawValue: 1 << 2)

    /// Those of figures, which a caller may ask for as often as it likes.
    static let figures: ContentRules = [.compressed, .tagged, .negotiated]

    /// What the answer depends on, for whatever keeps it.
    var vary: Response.Field {
        let value =
            contains(.compressed) ? contains(.negotiated) ? "Accept, Accept-Encoding" : "Accept-Encoding" : "Accept"
        return Response.Field(name: "Vary", value: value)
    }
}
