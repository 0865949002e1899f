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
    private let work: LongWork?

    /// - Parameter work: who makes it; nil where that is so quick that it is done at once.
    init(by work: LongWork?, _ make: @escaping @Sendable () -> Value) {
        self.work = work
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
            guard let work else {
                let value = make()
                state = .made(value)
                return whenMade(value)
            }
            state = .making([whenMade])
            work.run(make) { [self] in finish($0) }
        }
    }

    private func finish(_ value: Value?) {
        guard case .making(let waiting) = state else { return }
        state = .made(value)
        for tell in waiting { tell(value) }
    }
}
