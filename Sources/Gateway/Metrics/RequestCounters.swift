/// The requests that one event loop answered, by route, status and token: a table of fixed size.
struct RequestCounters: Sendable {
    /// How many requests were alike.
    struct Count: Sendable, Equatable {
        /// Nil for what is no route, and for what could not be read.
        var route: Route?
        var status: HTTPStatus
        /// See ``TokenLabels``.
        var token: Int
        var requests: UInt64
    }

    private static let routes: [Route?] = [nil] + Route.allCases
    private static let statuses = HTTPStatus.allCases
    private static let rowSize = statuses.count * TokenLabels.count

    private var counts = [UInt64](repeating: 0, count: Self.routes.count * Self.rowSize)
    /// Where the row of a route begins, and where the statuses stand in it, by their codes.
    private let offsets = Self.statusOffsets()

    /// Counts a request.
    mutating func add(route: Route?, status: HTTPStatus, token: Int) {
        let row = (route?.rawValue ?? -1) + 1
        counts[row * Self.rowSize + Int(offsets[status.rawValue]) * TokenLabels.count + token] += 1
    }

    /// Adds what another event loop counted.
    mutating func add(_ other: RequestCounters) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// All counts that are not zero, the requests of a route together.
    var all: [Count] {
        counts.enumerated().compactMap { index, requests in
            guard requests > 0 else { return nil }
            return Count(
                route: Self.routes[index / Self.rowSize],
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
