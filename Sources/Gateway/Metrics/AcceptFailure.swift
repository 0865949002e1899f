import Glibc

/// An error of accept(2), by its consequence.
enum AcceptFailure: String, CaseIterable {
    /// The process or the machine has all the descriptors that it may have.
    case descriptors
    /// There is no memory for a connection.
    case memory
    /// The caller has gone away before it was accepted.
    case aborted
    /// A network error of the connection, which Linux reports here.
    case network
    /// A firewall or a security module does not allow it.
    case forbidden
    /// Nothing that is expected.
    case other

    init(code: CInt) {
        self =
            switch code {
            case EMFILE, ENFILE: .descriptors
            case ENOMEM, ENOBUFS: .memory
            case ECONNABORTED: .aborted
            case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH: .network
            case EPERM, EACCES: .forbidden
            default: .other
            }
    }

    /// Whether it is of one connection alone, so that the next one can be accepted at once.
    var isOfOneConnection: Bool { self == .aborted || self == .network }
}
