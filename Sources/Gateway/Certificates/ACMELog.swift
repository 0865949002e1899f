import ACME
import Logging
import Time

/// What the log says of certificates that the gateway gets by itself: what happened, what the authority said, and what to do.
struct ACMELog: Sendable {
    let logger: Logger

    func write(_ event: ACMEEvent) {
        switch event {
        case .ordering(let name, let replaces):
            logger.info("ordering a certificate", metadata: Self.names(name, ["replaces": replaces]))
        case .note(let name, let note): write(note, of: name)
        case .obtained(let name, let record, let renews):
            logger.notice(
                "a certificate was obtained",
                metadata: Self.names(
                    name,
                    [
                        "serial": record.certificate.serial, "expires": Self.time(record.certificate.notAfter),
                        "renews": Self.time(renews),
                    ]
                )
            )
        case .left(let name, let next):
            logger.warning(
                "the authority has not issued a certificate yet; the order is kept and looked at again",
                metadata: Self.names(name, ["next": Self.time(next)])
            )
        case .refused(let name, let problem, let failures, let next, let expires, let isUrgent, let isRepeated):
            let level: Logger.Level =
                isUrgent ? .error : isRepeated ? .info : problem.consequence == .dormant ? .error : .warning
            logger.log(
                level: level,
                "no certificate was obtained: \(problem.words)",
                metadata: Self.names(
                    name,
                    [
                        "type": problem.type, "failures": "\(failures)", "next": Self.time(next),
                        "certificate-expires": expires.map(Self.time),
                    ]
                )
            )
        case .window(let name, let info):
            logger.info(
                "the authority says when the certificate is to be renewed",
                metadata: Self.names(name, ["renews": Self.time(info.chosen), "explanation": info.explanation])
            )
        case .noRenewalInfo(let name, let words):
            logger.debug(
                "the authority does not say when to renew; the lifetime decides",
                metadata: Self.names(name, ["reason": words])
            )
        case .busy(let authority):
            logger.debug(
                "another process gets certificates in the same folder",
                metadata: ["authority": "\(authority)"]
            )
        case .clocksDiffer(let authority, let theirs, let ours):
            logger.warning(
                "the clocks of this machine and of the authority differ: is this one right?",
                metadata: [
                    "authority": "\(authority)", "theirs": "\(Self.time(theirs))", "ours": "\(Self.time(ours))",
                ]
            )
        case .storeFailed(let name, let words):
            logger.error("what belongs to a certificate cannot be kept: \(words)", metadata: Self.names(name))
        case .request: break
        }
    }

    private func write(_ note: IssuanceNote, of name: CertificateName) {
        switch note {
        case .terms(let url):
            logger.notice("the account agrees to the authority's terms", metadata: Self.names(name, ["terms": url]))
        case .registered(let account, let again):
            logger.info(
                again ? "the authority did not know the account; it is registered again" : "an account was registered",
                metadata: Self.names(name, ["account": account])
            )
        case .resumed(let order):
            logger.info("an order is continued", metadata: Self.names(name, ["order": order]))
        case .ordered(let order, let replaces):
            logger.debug("the order is made", metadata: Self.names(name, ["order": order, "replaces": replaces]))
        case .replacesRefused(let certID, let words):
            logger.info(
                "the authority does not take the order as a renewal; it is made as a new one",
                metadata: Self.names(name, ["replaces": certID, "reason": words])
            )
        case .shown(let proof): logger.debug("the proof can be seen", metadata: Self.names(name, ["proof": "\(proof)"]))
        case .validated(let identifier):
            logger.debug("the authority has seen the proof", metadata: Self.names(name, ["proved": identifier.value]))
        case .finalized: logger.debug("the certificate is requested", metadata: Self.names(name))
        }
    }

    private static func names(_ name: CertificateName, _ further: [String: String?] = [:]) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["certificate": "\(name)", "authority": "\(name.authority)"]
        for (key, value) in further { if let value { metadata[key] = "\(value)" } }
        return metadata
    }

    private static func time(_ seconds: Int64) -> String { CivilTime(seconds).internetText }
}
