import NIOCore

/// What is made at most once, when the first asks for it, for all who do.
///
/// Not `Sendable`: it is used on one event loop only.
final class MadeOnce<Value: Sendable> {
    private enum State {
        /// Nobody has asked. → making, made
        case untouched
        /// These wait for it. → made
        case making([(Value?) -> Void])
        /// No further state. There is nothing where it could not be made.
        case made(Value?)
    }

    private var state = State.untouched
    private let make: @Sendable () -> Value
    private let place: Place?

    /// Where something is made that would hold up the event loop.
    struct Place {
        let offLoop: OffLoop
        /// The content that it is made of.
        let material: WorkMaterial
        /// Who gets it.
        let eventLoop: any EventLoop
    }

    /// - Parameter place: where it is made; nil where that is so quick that it is done at once.
    init(in place: Place?, _ make: @escaping @Sendable () -> Value) {
        self.place = place
        self.make = make
    }

    /// Calls back with it, perhaps at once.
    func get(_ whenMade: @escaping (Value?) -> Void) {
        switch state {
        case .made(let value):
            whenMade(value)
        case .making(let waiting):
            state = .making(waiting + [whenMade])
        case .untouched:
            guard let place else {
                let value = make()
                state = .made(value)
                return whenMade(value)
            }
            state = .making([whenMade])
            // For all who ask for it: none of them is its owner.
            place.offLoop.submit(place.material, for: "", on: place.eventLoop, make).assumeIsolated().whenComplete {
                [self] in
                finish(try? $0.get())
            }
        }
    }

    private func finish(_ value: Value?) {
        guard case .making(let waiting) = state else { return }
        state = .made(value)
        for tell in waiting { tell(value) }
    }
}
