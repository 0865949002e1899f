/// The text of a token.
public enum TokenText {
    /// What every token that the gateway makes begins with, so that secret scanners know it.
    public static let prefix = "hg_"
}
