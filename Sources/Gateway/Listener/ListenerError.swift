import GatewayConfiguration
import Glibc
import NIOCore

/// Why an address cannot be bound.
package struct ListenerError: Error, CustomStringConvertible {
    /// The address.
    package let address: ListenAddress
    /// The system's error number; nil where the failure is not the system's.
    package let code: CInt?
    private let reason: String

    init(_ address: ListenAddress, _ error: any Error) {
        self.address = address
        code = (error as? IOError)?.errnoCode
        reason = code.map { String(cString: strerror($0)) } ?? "\(error)"
    }

    /// What failed, and what to do.
    package var description: String {
        let advice =
            switch code {
            case EADDRINUSE: "; another program listens there: 'hysteria-gateway check' says which"
            case EACCES:
                "; ports below 1024 need the capability CAP_NET_BIND_SERVICE, which the systemd unit gives, or root"
            case EADDRNOTAVAIL: "; this machine does not have the address"
            default: ""
            }
        return "cannot listen on \(address): \(reason)\(advice)"
    }
}
