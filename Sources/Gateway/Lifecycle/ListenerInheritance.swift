import Logging

/// Where a gateway gets listening sockets other than by binding them, and to whom it passes them on.
package struct ListenerInheritance: Sendable {
    /// Every address is bound by this process, and closed at the end.
    package static let none = ListenerInheritance()

    /// The sockets that were there before this process, from a service manager.
    let sockets: InheritedSockets
    /// Where the sockets are offered to a gateway that will replace this one.
    let handoverPath: String?
    /// Whether this one replaces a gateway that offers its sockets there.
    let takesOver: Bool

    /// Describes where listening sockets come from.
    ///
    /// - Parameters:
    ///   - sockets: What a service manager has opened.
    ///   - handoverPath: Where the sockets are offered to a gateway that will replace this one.
    ///   - takesOver: Whether this one replaces a gateway that offers its sockets there.
    package init(sockets: InheritedSockets = .none, handoverPath: String? = nil, takesOver: Bool = false) {
        self.sockets = sockets
        self.handoverPath = handoverPath
        self.takesOver = takesOver
    }

    /// Finds the gateway to replace, if there is one.
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
            logger.notice("no gateway is running that could be replaced", metadata: ["handover": "\(handoverPath)"])
        }
        return claim
    }
}
