import NIOCore

/// Random numbers that are the same in each run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Numbers that closures note down.
final class Log {
    private(set) var entries: [Int] = []

    func append(_ entry: Int) {
        entries.append(entry)
    }
}

/// Buffers that closures hold on to.
final class Kept {
    var buffers: [ByteBuffer] = []
}

/// What became of a promise: nothing yet, or its result. Asking never waits.
final class Outcome {
    private(set) var result: Result<Void, any Error>?

    init(_ promise: EventLoopPromise<Void>) {
        promise.futureResult.assumeIsolated().whenComplete { self.result = $0 }
    }

    var succeeded: Bool {
        if case .success = result { true } else { false }
    }

    var error: (any Error)? {
        if case .failure(let error) = result { error } else { nil }
    }
}
