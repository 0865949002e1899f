import Glibc
import HTTPClient
import NIOCore
import NIOOpenSSL
import NIOPosix

/// Why a request has no answer, and how that is said after its URL.
enum AuthorityExchangeError: Error {
    case timedOut(TimeAmount)

    /// Ends a sentence that begins with the URL.
    static func words(for error: any Error, _ connectLimit: TimeAmount) -> String {
        switch error {
        case AuthorityExchangeError.timedOut(let limit):
            "did not answer within \(limit.nanoseconds / 1_000_000_000) s"
        case ChannelError.connectTimeout:
            "cannot be reached: no connection within \(connectLimit.nanoseconds / 1_000_000_000) s; does a firewall let "
                + "connections out?"
        case let error as IOError:
            "cannot be reached: \(String(cString: strerror(error.errnoCode)).lowercased())"
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                words(for: first.error, connectLimit)
            } else {
                "cannot be reached: the host name \(error.host) cannot be resolved; does DNS work on this machine?"
            }
        case let error as TLSError where error.kind == .verificationFailed:
            "is not trusted: \(error); is the clock right, and is ca-certificates installed, or the right file configured?"
        case let error as TLSError:
            "cannot be reached by TLS: \(error)"
        case let error as ResponseError:
            "answered, but \(error)"
        case is CancellationError:
            "was not waited for"
        default:
            "cannot be reached: \(error)"
        }
    }
}
