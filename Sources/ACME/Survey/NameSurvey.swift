/// Asks DNS where a name leads, as an authority will, and compares it with the addresses of this machine.
package struct NameSurvey: Sendable {
    /// What was found, and where the name leads.
    package struct Report: Hashable, Sendable {
        package var findings: [SurveyFinding] = []
        package var addresses: [HostAddress] = []

        /// Where a proof of this kind can be seen at all: a proxy agrees on no `acme-tls/1`.
        package func addresses(for kind: ProofKind) -> [HostAddress] {
            switch kind {
            case .tls: addresses.filter { !CloudflareRanges.contain($0) }
            case .http: addresses
            case .dns: []
            }
        }
    }

    /// Whose an address is.
    private enum Owner {
        case machine, cloudflare, other
    }

    private let lookup: AddressLookup
    private let machine: Set<HostAddress>
    private let kinds: [ProofKind]

    /// - Parameters:
    ///   - machine: The addresses of this machine's interfaces.
    ///   - kinds: The kinds of proof that can be given.
    package init(lookup: AddressLookup, machine: [HostAddress], kinds: [ProofKind]) {
        self.lookup = lookup
        self.machine = Set(machine)
        self.kinds = kinds
    }

    package func run(for identifier: Identifier) async -> Report {
        let kinds = kinds.filter { $0.canProve(identifier) }
        // With records of DNS alone, it does not matter where the name leads.
        guard kinds.contains(where: { $0 != .dns }) else { return Report() }
        let answer: AddressLookup.Answer
        if let bytes = identifier.addressBytes, let address = HostAddress(bytes: bytes) {
            answer = .addresses([address])
        } else {
            answer = await lookup.addresses(identifier.value)
        }
        switch answer {
        case .unknown(let reason):
            return Report(findings: [
                .warning(
                    "\(identifier.value): its addresses cannot be found out: \(reason); does DNS work on this machine?"
                )
            ])
        case .nothing: return Report(findings: [noAddress(identifier, kinds)])
        case .addresses(let found):
            let addresses = found.filter { address in !AddressBlock.translated.contains { $0.contains(address) } }
            guard !addresses.isEmpty else { return Report(findings: [noAddress(identifier, kinds)]) }
            let hasOwnIPv4 = addresses.contains { !$0.isIPv6 && owner(of: $0) == .machine }
            return Report(
                findings: addresses.map { finding(identifier, $0, kinds, hasOwnIPv4: hasOwnIPv4) },
                addresses: addresses
            )
        }
    }

    private func noAddress(_ identifier: Identifier, _ kinds: [ProofKind]) -> SurveyFinding {
        let words =
            "\(identifier.value): DNS has no address for it, so that tls-alpn-01 and http-01 cannot work: add an A record with the "
            + "address of this machine, and wait until the old answer is forgotten"
        return kinds.contains(.dns) ? .warning("\(words); dns-01 needs none") : .failure(words)
    }

    private func owner(of address: HostAddress) -> Owner {
        machine.contains(address) ? .machine : CloudflareRanges.contain(address) ? .cloudflare : .other
    }

    private func finding(
        _ identifier: Identifier,
        _ address: HostAddress,
        _ kinds: [ProofKind],
        hasOwnIPv4: Bool
    ) -> SurveyFinding {
        let name = identifier.value
        // What an identifier is needs no record.
        let record = identifier.isAddress ? "\(name)" : "\(name): \(address.isIPv6 ? "AAAA" : "A") record \(address)"
        if address.isLoopback {
            return .warning(
                "\(record) leads back to whoever asks, and to no authority: is it from /etc/hosts? Look what DNS has with "
                    + "'dig \(name)'"
            )
        }
        switch owner(of: address) {
        case .cloudflare: return behindProxy(record, kinds)
        case .machine where address.isPublic: return .ok("\(record) is an address of this machine")
        case .machine:
            return .warning(
                "\(record) is this machine's in a private network, which no authority on the internet can reach"
            )
        case .other where !address.isPublic:
            return .warning("\(record) is of a private network, which no authority on the internet can reach")
        case .other: return elsewhere(identifier, record, address, hasOwnIPv4: hasOwnIPv4)
        }
    }

    private func behindProxy(_ record: String, _ kinds: [ProofKind]) -> SurveyFinding {
        let words = "\(record) is Cloudflare's proxy, through which tls-alpn-01 can never work"
        let grey = "set the record to 'DNS only' (grey cloud)"
        if kinds.contains(.dns) {
            return .warning("\(words); dns-01 does: name it first in acme.proofs, or \(grey)")
        }
        if kinds.contains(.http) {
            return .warning(
                "\(words), and http-01 does where the proxy passes port 80 on to the redirect listener, without 'Always Use HTTPS': name "
                    + "http-01 first in acme.proofs, or \(grey)"
            )
        }
        return .failure(
            "\(words): \(grey), or add http-01 with a redirect listener on port 80, or dns-01 with acme.dns"
        )
    }

    private func elsewhere(
        _ identifier: Identifier,
        _ record: String,
        _ address: HostAddress,
        hasOwnIPv4: Bool
    ) -> SurveyFinding {
        let isBehindNAT = !machine.contains { $0.isIPv6 == address.isIPv6 && $0.isPublic }
        if address.isIPv6, hasOwnIPv4 {
            return .failure(
                "\(record) is not an address of this machine, and an authority asks it first, before the A record: correct the AAAA record "
                    + "or remove it"
            )
        }
        if isBehindNAT {
            return .warning(
                "\(record) is not on an interface of this machine, which has private addresses alone: if it is your router's, it has to "
                    + "forward ports 443 and 80 to this machine"
            )
        }
        let repair =
            identifier.isAddress
            ? "is it the right one?" : "correct the record, unless that host forwards ports 443 and 80 to here"
        return .warning("\(record) is not an address of this machine, and an authority will ask there: \(repair)")
    }
}
