import Glibc
import NIOCore
import NIOPosix

extension StatsError.Kind {
    /// Says in plain words why a connection could not be made.
    init(connectFailure error: any Error, limit: TimeAmount) {
        switch error {
        case ChannelError.connectTimeout:
            self = .timedOut(limit: limit)
        case let error as IOError:
            self = .unreachable(reason: String(cString: strerror(error.errnoCode)).lowercased())
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self.init(connectFailure: first.error, limit: limit)
            } else {
                self = .unreachable(reason: "the host name \(error.host) cannot be resolved")
            }
        default:
            self = .unreachable(reason: String(describing: error))
        }
    }
}
