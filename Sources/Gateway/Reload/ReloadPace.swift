/// How often the files are polled.
public struct ReloadPace: Sendable {
    /// The polling interval when the kernel reports nothing.
    public var interval = Duration.seconds(10)
    /// The time that a change is given to become complete.
    public var settling = Duration.milliseconds(100)

    /// The defaults.
    public init() {}
}
