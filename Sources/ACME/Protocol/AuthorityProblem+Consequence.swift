extension AuthorityProblem {
    /// The types that say that a validation failed (RFC 8555, 6.7).
    private static let validationTypes: Set<String> = ["connection", "tls", "dns", "unauthorized", "incorrectResponse"]

    /// What follows from it for an attempt.
    ///
    /// - Parameters:
    ///   - step: What was being done, for the words: `the order was refused`.
    ///   - ofProof: Whether it is the error of a challenge: `unauthorized` means another thing there.
    package func attemptProblem(
        _ step: String,
        ofProof: Bool = false,
        retryAfter: Int64? = nil
    ) -> AttemptProblem {
        func problem(_ consequence: AttemptProblem.Consequence, _ advice: String? = nil) -> AttemptProblem {
            AttemptProblem(
                consequence,
                type: type.isEmpty ? nil : type,
                "\(step): \(words)" + (advice.map { " — \($0)" } ?? "")
            )
        }
        switch type {
        case "rateLimited":
            return problem(.limited(retryAfter ?? Backoff.hour))
        case _ where (status == 503 || status == 429) && retryAfter != nil:
            return problem(.limited(retryAfter ?? Backoff.hour))
        case "caa":
            return problem(.caa, "a CAA record has to name the authority, or there has to be none")
        case _ where ofProof && Self.validationTypes.contains(type):
            return problem(.validation)
        case "userActionRequired":
            return problem(.dormant, "the authority wants the operator to do something first")
        case "externalAccountRequired":
            return problem(.dormant, "set acme.externalAccount to what the authority gave you")
        case "invalidContact", "unsupportedContact":
            return problem(.dormant, "change acme.email, or leave it out")
        case "rejectedIdentifier", "unsupportedIdentifier", "invalidProfile", "malformed":
            return problem(.dormant)
        case "badCSR", "badPublicKey":
            return problem(.dormant)
        default:
            return problem(.failed)
        }
    }
}
