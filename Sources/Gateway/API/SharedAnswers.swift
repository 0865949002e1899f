import NIOCore

/// The large answers that are being made on one event loop: who asks for the same one at the same time gets the same.
///
/// Not `Sendable`: it is used on its event loop only.
final class SharedAnswers {
    typealias Made = Result<MadeAnswer, any Error>

    /// What makes two answers the same.
    struct Key: Hashable {
        private let route: Route?
        private let format: AnswerFormat
        /// The token, where it does not see all.
        private let viewer: String?
        /// Nothing else has it while it is held.
        private let material: UInt

        init(_ call: EndpointCall, _ material: WorkMaterial) {
            route = call.target.route
            format = call.format
            viewer = call.seesAll ? nil : call.owner
            self.material = material.identity
        }
    }

    private var underWay: [Key: EventLoopFuture<Made>] = [:]

    /// Has an answer made, unless it is being made already.
    func run(
        _ key: Key,
        in context: LoopContext,
        _ material: WorkMaterial,
        for call: EndpointCall,
        _ work: @escaping @Sendable () -> Made,
        then: @escaping (Made?) -> Void
    ) {
        if let made = underWay[key] { return made.assumeIsolated().whenComplete { then(try? $0.get()) } }
        let made = context.offLoop.submit(
            material,
            for: call.owner,
            // What was cleared for this answer cannot be had again.
            isDue: call.target.clears,
            on: context.eventLoop,
            work
        )
        underWay[key] = made
        made.assumeIsolated().whenComplete { [self] result in
            underWay[key] = nil
            then(try? result.get())
        }
    }
}
