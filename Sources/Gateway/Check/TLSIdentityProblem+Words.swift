import NIOOpenSSL

extension TLSIdentityProblem {
    /// Whether callers are refused by it, and not only some of them or only later.
    var isFailure: Bool {
        switch kind {
        case .expired, .notYetValid: true
        case .selfSigned, .lacksIssuer, .outOfOrder, .nameTaken: false
        }
    }

    /// What is the matter and what to do about it.
    ///
    /// - Parameter file: What the operator calls the chain.
    func words(file: String) -> String {
        let place = position == 0 ? file : "\(file) (certificate \(position + 1), \(certificate.subject))"
        return switch kind {
        case .expired:
            "\(place): expired at \(CivilTime(certificate.notAfter).internetText): renew it"
        case .notYetValid:
            "\(place): valid only from \(CivilTime(certificate.notBefore).internetText) on: is the clock right?"
        case .selfSigned:
            "\(file): vouches for itself: callers must be told to trust it (curl --cacert)"
        case .lacksIssuer:
            "\(file): holds no intermediate certificate: many callers will not find the way to \(certificate.issuer); "
                + "use the full chain (fullchain.pem)"
        case .outOfOrder(let expected):
            "\(file): certificate \(position + 1) is of \(certificate.subject), not of \(expected), who signed the "
                + "one before; put them in order"
        case .nameTaken(let name, let other):
            "\(file): is never presented for \(name), which \(other) is for already, with a key of the same "
                + "algorithm (\(certificate.keyAlgorithm)); remove one of them"
        }
    }
}
