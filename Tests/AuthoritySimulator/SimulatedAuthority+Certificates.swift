import Text

extension SimulatedAuthority {
    func certificate(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        let chain = try found(chains[request.url], of: request) { $0.account }
        guard request.isReading else { throw .malformed("a certificate is only read") }
        return SimulatedAnswer(status: 200, contentType: "application/pem-certificate-chain", body: chain.pem)
    }

    /// RFC 8555, 7.6: by the account that has it, or with the certificate's own key.
    func revoke(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        guard let text = try request.message.document["certificate"]?.string, let der = Base64URLText.decode(text)
        else {
            throw .malformed("there is no certificate, or not in base64url")
        }
        let wanted = Base64.encode(der)
        let index = certificates.firstIndex { certificate in
            let lines = certificate.pem.split(separator: "\n").dropFirst().prefix { !$0.hasPrefix("-----") }
            return lines.joined() == wanted
        }
        guard let index else { throw .malformed("this certificate was not issued here", status: 404) }
        let isOwner =
            request.account.map { $0.url == certificates[index].account }
            ?? (request.key.der == certificates[index].key)
        guard isOwner else { throw .unauthorized("the certificate is another account's, or of another key") }
        guard !certificates[index].isRevoked else {
            throw SimulatedProblem("alreadyRevoked", "the certificate has been revoked")
        }
        certificates[index].isRevoked = true
        return SimulatedAnswer(status: 200)
    }
}
