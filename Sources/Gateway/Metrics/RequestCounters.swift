import Access
import HTTPServer

/// The requests that one event loop answered, by route, status and token: a table of fixed size.
struct RequestCounters: Sendable {
    /// The number of requests.
    struct Count: Sendable, Equatable {
        /// The label of the route; empty for an unknown path, and for an unreadable request.
        var route: String
        var status: HTTPStatus
        /// See ``TokenLabels``.
        var token: Int
        var requests: UInt64
    }

    private static let statuses = HTTPStatus.allCases
    private static let rowSize = statuses.count * TokenLabels.count

    /// The label of each row. The first one is for unknown paths.
    private var labels: [String]
    private var counts: [UInt64]
    /// Where the statuses stand in a row, by their codes.
    private let offsets = Self.statusOffsets()

    /// - Parameter routes: the labels of what can be asked for, by number.
    init(routes: [String] = []) {
        labels = [""] + routes
        counts = [UInt64](repeating: 0, count: labels.count * Self.rowSize)
    }

    /// Counts a request.
    ///
    /// - Parameter route: the number of the route; nil for an unknown path.
    mutating func add(route: Int?, status: HTTPStatus, token: Int) {
        let row = (route ?? -1) + 1
        counts[row * Self.rowSize + Int(offsets[status.rawValue]) * TokenLabels.count + token] += 1
    }

    /// Adds what another event loop counted. All of them have the same routes, but for a sum that is about to begin.
    mutating func add(_ other: RequestCounters) {
        if labels.count < other.labels.count {
            labels = other.labels
            counts += [UInt64](repeating: 0, count: other.counts.count - counts.count)
        }
        for index in other.counts.indices { counts[index] += other.counts[index] }
    }

    /// All counts that are not zero, the requests of a route together.
    var all: [Count] {
        counts.enumerated().compactMap { index, requests in
            guard requests > 0 else { return nil }
            return Count(
                route: labels[index / Self.rowSize],
                status: Self.statuses[index % Self.rowSize / TokenLabels.count],
                token: index % TokenLabels.count,
                requests: requests
            )
        }
    }

    private static func statusOffsets() -> [UInt8] {
        var offsets = [UInt8](repeating: 0, count: 600)
        for (index, status) in statuses.enumerated() { offsets[status.rawValue] = UInt8(index) }
        return offsets
    }
}
