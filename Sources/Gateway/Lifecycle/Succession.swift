import Logging

/// How a gateway comes by listening sockets other than by binding them, and whom it leaves them to.
public struct Succession: Sendable {
    /// Every address is bound anew, and closed at the end.
    public static let none = Succession()

    /// The sockets that were there before this process, from a service manager.
    let sockets: InheritedSockets
    /// Where the sockets are offered to a gateway that is to take the place of this one.
    let handoverPath: String?
    /// Whether this one takes the place of a gateway that offers its sockets there.
    let takesOver: Bool

    /// Describes a succession.
    ///
    /// - Parameters:
    ///   - sockets: What a service manager has opened.
    ///   - handoverPath: Where the sockets are offered to a gateway that is to take the place of this one.
    ///   - takesOver: Whether this one takes the place of a gateway that offers its sockets there.
    public init(sockets: InheritedSockets = .none, handoverPath: String? = nil, takesOver: Bool = false) {
        self.sockets = sockets
        self.handoverPath = handoverPath
        self.takesOver = takesOver
    }

    /// Finds the gateway whose place is to be taken, if there is one.
    func claim(logger: Logger) throws(HandoverError) -> HandoverClaim? {
        guard let handoverPath else { return nil }
        guard sockets.rest.isEmpty else {
            throw HandoverError(
                description:
                    "the service manager keeps the listening sockets, so --handover has none to offer: leave it out"
            )
        }
        guard takesOver else {
            if try HandoverClaim.isOffered(at: handoverPath) {
                throw HandoverError(
                    description: "a gateway runs already and offers its listeners at \(handoverPath); "
                        + "with --take-over this one takes its place"
                )
            }
            return nil
        }
        let claim = try HandoverClaim.find(at: handoverPath)
        if claim == nil {
            logger.notice("no gateway runs whose place could be taken", metadata: ["handover": "\(handoverPath)"])
        }
        return claim
    }
}
