/// What happened to an attempt.
package enum IssuanceEvent: Sendable {
    case start
    case answered(AuthorityResponse)
    case unanswered(AuthorityTransportError)
    /// What was asked for is done: kept, made, shown, waited.
    case done
    /// What was asked for could not be done; in words.
    case failed(String)
    /// The certificate is in use.
    case installed(CertificateRecord)
    /// The certificate is not one to use; in words.
    case refused(String)
    /// The process ends.
    case stopping
}

/// What an attempt wants done. The last one of a list is waited for: its result is the next event.
package enum IssuanceAction: Hashable, Sendable {
    case send(AuthorityRequest)
    case keepAccount(AccountRecord)
    /// Make a key, and keep it where a crash does not lose it.
    case makeKey
    case keepOrder(OrderRecord)
    case show([Proof])
    case wait(Int64)
    /// Check a chain, and take it into use with the order's key.
    case install(chain: [UInt8], account: String)
    case dropOrder
    case finish(AttemptOutcome)

    // These are not waited for.
    case hide([Proof])
    case note(IssuanceNote)
}

/// What is worth a line of the log.
package enum IssuanceNote: Hashable, Sendable {
    /// The account agrees to these.
    case terms(String)
    case registered(account: String, again: Bool)
    case resumed(order: String)
    case ordered(order: String, replaces: String?)
    /// The authority did not take an order that replaces this certificate, and said why.
    case replacesRefused(certID: String, words: String)
    case shown(Proof)
    case validated(Identifier)
    case finalized
}
