/// Decides when to reload the configuration and what to do with the outcome.
///
/// Its input is snapshots: the metadata of the files that matter, without their content. A change is acted on when two
/// looks in a row find the same, so that a file that is being written is not read half, and an outcome counts only if
/// nothing has changed while it was being read. A failure counts when reading again gives the same: a link that was
/// swapped between two files, and swapped back, is not seen in the snapshots.
struct ReloadStateMachine<Snapshot: Equatable> {
    /// What to do next.
    enum Action: Equatable {
        /// Nothing, until something happens.
        case wait
        /// Wait for a moment, then take a snapshot and pass it to ``looked(_:)``.
        case settle
        /// Take a snapshot, read and verify everything, take another one, and pass both to ``loaded(_:before:after:)``.
        case load
        /// Serve from what was read.
        case commit
        /// Say that the present state is kept, and why.
        case reject
        /// Keep the present state, and say that the rest of a renewal is awaited.
        case await
        /// Keep the present state without a log line: it has been logged.
        case keep
    }

    /// What became of reading.
    enum Outcome: Equatable {
        /// It can be served from.
        case success
        /// It cannot; the text says why.
        case failure(String)
        /// It cannot, as it is with a renewal that has written one of its files and not yet the other.
        case incomplete(String)
    }

    /// Why which files cannot be served from.
    private struct Failure: Equatable {
        let snapshot: Snapshot
        let reason: String
    }

    private enum State {
        /// No snapshot has been taken yet. → settling, loading
        case unseen
        /// The files are as they were when they were read. → settling, loading
        case steady(Snapshot)
        /// The files have changed and may be changing still. → loading
        case settling(Snapshot, looks: Int)
        /// They are being read. → steady, failing, settling
        case loading
        /// The last configuration that was read is invalid. → settling, loading
        case failing(Snapshot)
    }

    /// After so many polls of files that keep changing, they are read as they are.
    private static var patience: Int { 20 }

    private var state = State.unseen
    private var tornReads = 0
    private var isDemanded = false
    /// What is incomplete is read so many times, the interval apart, before it is called a failure.
    private static var readingsOfIncomplete: Int { 3 }

    private var unconfirmed: Failure?
    private var incomplete: (failure: Failure, readings: Int)?
    private var rejected: Failure?

    /// The operator wants everything to be read, whether it has changed or not.
    mutating func demanded() -> Action {
        isDemanded = true
        return load()
    }

    /// It is time to try again what failed, and to look for changes.
    mutating func timePassed(_ snapshot: Snapshot) -> Action {
        if case .failing(let seen) = state, seen == snapshot { return load() }
        return looked(snapshot)
    }

    /// The files have been polled.
    mutating func looked(_ snapshot: Snapshot) -> Action {
        switch state {
        case .steady(let seen) where seen == snapshot:
            return .wait
        case .failing(let seen) where seen == snapshot:
            return .wait
        case .unseen, .steady, .failing:
            tornReads = 0
            state = .settling(snapshot, looks: 1)
            return .settle
        case .settling(let last, let looks):
            guard snapshot != last, looks < Self.patience else { return load() }
            state = .settling(snapshot, looks: looks + 1)
            return .settle
        case .loading:
            return .wait
        }
    }

    /// Everything was read, between two snapshots.
    mutating func loaded(_ outcome: Outcome, before: Snapshot, after: Snapshot) -> Action {
        guard case .loading = state else { return .wait }
        if before != after || isNew(outcome, before), tornReads < Self.patience {
            tornReads += 1
            state = .settling(after, looks: 0)
            return .settle
        }
        unconfirmed = nil
        let wasDemanded = isDemanded
        isDemanded = false
        tornReads = 0
        switch outcome {
        case .success:
            state = .steady(before)
            rejected = nil
            incomplete = nil
            return .commit
        case .failure(let reason):
            return rejected(Failure(snapshot: before, reason: reason), wasDemanded)
        case .incomplete(let reason):
            let failure = Failure(snapshot: before, reason: reason)
            let readings = incomplete.map { $0.failure == failure ? $0.readings + 1 : 1 } ?? 1
            guard !wasDemanded, failure != rejected, readings < Self.readingsOfIncomplete else {
                return rejected(failure, wasDemanded)
            }
            let isFirst = incomplete == nil
            incomplete = (failure, readings)
            state = .failing(before)
            return isFirst ? .await : .keep
        }
    }

    private mutating func rejected(_ failure: Failure, _ wasDemanded: Bool) -> Action {
        incomplete = nil
        state = .failing(failure.snapshot)
        if failure == rejected, !wasDemanded { return .keep }
        rejected = failure
        return .reject
    }

    /// Whether this is a failure that was not seen before. It has been seen from now on.
    private mutating func isNew(_ outcome: Outcome, _ snapshot: Snapshot) -> Bool {
        let reason: String
        switch outcome {
        case .success: return false
        case .failure(let words), .incomplete(let words): reason = words
        }
        let failure = Failure(snapshot: snapshot, reason: reason)
        guard failure != rejected, failure != unconfirmed, failure != incomplete?.failure else { return false }
        unconfirmed = failure
        return true
    }

    private mutating func load() -> Action {
        state = .loading
        return .load
    }
}
