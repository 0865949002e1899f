import NIOOpenSSL
import Time

/// Checks revocation lists against their authorities, before they affect callers.
package struct RevocationListCheck {
    /// The lists and the authorities, as they were read.
    package let verification: TLSClientVerification
    /// Seconds since 1970.
    package let now: Int64

    /// Notes what is wrong where the lists are named, and returns whether they can be used.
    ///
    /// What time fixes is a warning, and so is what rejects some callers only. Lists that reject everybody, or that
    /// another key has signed, do not replace good ones.
    func note(_ path: String, _ authorityPath: String, for value: YAMLValue) -> Bool {
        var isUsable = true
        for list in verification.revocationLists {
            let place = "\(path): the list of \(list.issuer)"
            switch list.fault(among: verification.authorities, at: now) {
            case .ofAnotherAuthority:
                value.warn(
                    "\(place) revokes no certificate that \(authorityPath) can issue",
                    advice: "name a list of \(verification.authorities.map(\.subject).joined(separator: " or "))"
                )
            case .signedByAnotherKey:
                value.fail(
                    "\(place) is not signed by the key of \(list.issuer) in \(authorityPath)",
                    advice: "download it from the authority again, or name the authority's current certificate"
                )
                isUsable = false
            case .isDelta:
                value.fail(
                    "\(place) is a delta CRL, which only has the changes since another list",
                    advice: "name the complete list"
                )
                isUsable = false
            case .notYetValid:
                value.warn(
                    "\(place) is valid only from \(CivilTime(list.thisUpdate).internetText) on: every caller's certificate is "
                        + "refused until then",
                    advice: "is the clock right?"
                )
            case .outOfDate:
                let next = list.nextUpdate.map { CivilTime($0).internetText } ?? ""
                value.warn(
                    "\(place) is out of date since \(next): every caller's certificate is refused",
                    advice: "renew it"
                )
            case nil:
                break
            }
        }
        return isUsable && noteRefusals(path, for: value)
    }

    /// With one list, each authority needs one.
    private func noteRefusals(_ path: String, for value: YAMLValue) -> Bool {
        let refused = verification.authorities.compactMap { authority in
            verification.refusal(of: authority).map { (authority, $0) }
        }
        guard refused.count < verification.authorities.count else {
            value.fail(
                "\(path): every caller's certificate is refused by it: OpenSSL says '\(refused[0].1)'",
                advice: "name a complete list of \(verification.authorities.map(\.subject).joined(separator: " and "))"
            )
            return false
        }
        for (authority, reason) in refused {
            value.warn(
                "\(path): callers of \(authority.subject) are refused: OpenSSL says '\(reason)'",
                advice: "add the list of that authority"
            )
        }
        return true
    }
}
