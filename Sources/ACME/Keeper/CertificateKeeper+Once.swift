/// What a person asks for, beside a gateway that runs: the lock of the folder keeps the two apart, and its proofs are shown by the
/// gateway.
extension CertificateKeeper {
    /// How it stands with each certificate, as the files say. Nobody is asked, and nothing is written.
    package func look() async -> [CertificateStatus] {
        await configure(settings)
        return status
    }

    /// Makes one attempt at each certificate that is due or waits after a failure, and returns how it stands then.
    ///
    /// - Parameter force: Whether one is ordered in any case.
    package func orderOnce(force: Bool) async -> [CertificateStatus] {
        await configure(settings)
        demand(force: force)
        await work()
        return status
    }
}
