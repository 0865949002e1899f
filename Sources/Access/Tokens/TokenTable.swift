import OpenSSLCrypto

/// All tokens of a configuration, immutable, to be swapped whole.
package final class TokenTable: Sendable {
    private let digests: [TokenDigest]
    private let callers: [Caller]
    /// The names under which the requests of these tokens, and of those before them, are counted.
    package let labels: TokenLabels

    /// Makes a table of these tokens.
    package convenience init(_ entries: [TokenEntry]) {
        self.init(entries, labels: TokenLabels())
    }

    /// Makes a table of these tokens, in the place of one that has these labels.
    package init(_ entries: [TokenEntry], labels: TokenLabels) {
        var labels = labels
        self.digests = entries.map(\.digest)
        self.callers = entries.map { Caller($0.grant, label: labels.number(of: $0.grant.name)) }
        self.labels = labels
    }

    /// The number of tokens.
    package var count: Int { callers.count }

    /// The caller whose token has this digest.
    ///
    /// Every digest is compared in full, whichever matches: the time tells how many tokens there are and nothing else.
    package func caller(for digest: TokenDigest) -> Caller? {
        var match = 0
        digest.withUnsafeBytes { presented in
            digests.withUnsafeBytes { all in
                for index in 0..<digests.count {
                    let kept = UnsafeRawBufferPointer(rebasing: all[(index * TokenDigest.byteCount)...])
                    let difference = SecretBytes.difference(kept, presented, count: TokenDigest.byteCount)
                    // The difference is 0 to 255: all ones for 0, all zeros otherwise, without a branch.
                    let mask = (Int(difference) - 1) >> (Int.bitWidth - 1)
                    match |= mask & (index + 1)
                }
            }
        }
        return match == 0 ? nil : callers[match - 1]
    }
}
