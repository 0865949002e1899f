/// How often the files are looked at.
public struct ReloadPace: Sendable {
    /// The time between two looks when the kernel tells nothing.
    public var interval = Duration.seconds(10)
    /// The time that a change is given to become complete.
    public var settling = Duration.milliseconds(100)

    /// The defaults.
    public init() {}
}
