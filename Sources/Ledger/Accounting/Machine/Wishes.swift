/// What somebody waits for until the next reading.
enum ReadingWish: Hashable, Sendable {
    case figures(WaiterID)
    /// Figures that are durable too.
    case committed(WaiterID)
    /// A view, which begins if there is none.
    case view(WaiterID, name: String)
    case clear(ClearWish)
    case since(SinceWish)

    var waiter: WaiterID {
        switch self {
        case .figures(let waiter), .committed(let waiter), .view(let waiter, _): waiter
        case .clear(let wish): wish.waiter
        case .since(let wish): wish.waiter
        }
    }
}

/// A request to clear a view.
struct ClearWish: Hashable, Sendable {
    let waiter: WaiterID
    let request: ViewRequest
    let key: String?
    let arrived: LedgerTime
}

/// A request for what came since a cursor.
struct SinceWish: Hashable, Sendable {
    let waiter: WaiterID
    let request: ViewRequest
    let cursor: Int64
}

/// What somebody waits for until rows are durable.
struct DurableWish: Hashable, Sendable {
    enum Promise: Hashable, Sendable {
        case committed
        case cleared(ClearID, [CountedTraffic])
        case given([CountedTraffic])
        case offered([CountedTraffic], next: Int64)
    }

    let waiter: WaiterID
    /// The last row that it depends on.
    let sequence: Int64
    let promise: Promise

    var answer: LedgerAnswer {
        switch promise {
        case .committed: .fresh
        case .cleared(let clear, let amounts): .cleared(clear, amounts)
        case .given(let amounts): .given(amounts)
        case .offered(let amounts, let next): .offered(amounts, next: next)
        }
    }
}
