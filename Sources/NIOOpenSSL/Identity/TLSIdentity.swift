import COpenSSL

/// A certificate chain and the private key of its first certificate: what a server proves itself with.
public struct TLSIdentity: Sendable {
    /// The certificate that is presented.
    public let leaf: TLSCertificate

    /// The certificates that are sent along, from the leaf's issuer upwards. Without the leaf.
    public let chain: [TLSCertificate]

    /// The leaf and what is sent along with it.
    public var certificates: [TLSCertificate] { [leaf] + chain }

    /// The file of the certificates, or words for where else they came from.
    public let certificateSource: String

    let key: PrivateKey
    private let keySource: String

    /// Reads a chain and its key, both in PEM form; the leaf comes first in the chain.
    ///
    /// - Parameters:
    ///   - certificateChainPEM: The chain. Text between the certificates is skipped.
    ///   - privateKeyPEM: The key, without a passphrase.
    public init(certificateChainPEM: [UInt8], privateKeyPEM: [UInt8]) throws(TLSError) {
        try self.init(
            certificateChainPEM: certificateChainPEM,
            from: "the certificate",
            privateKeyPEM: privateKeyPEM,
            from: "the private key"
        )
    }

    /// Reads a chain and its key from files in PEM form.
    ///
    /// Both may be the same file. Errors name the files.
    public init(certificateFile: String, keyFile: String) throws(TLSError) {
        try self.init(
            certificateChainPEM: try Self.read(certificateFile),
            from: certificateFile,
            privateKeyPEM: try Self.read(keyFile),
            from: keyFile
        )
    }

    private static func read(_ file: String) throws(TLSError) -> [UInt8] {
        do throws(TLSError) {
            return try PEMFile.read(file)
        } catch {
            throw error.about(file)
        }
    }

    private init(
        certificateChainPEM: [UInt8],
        from certificateSource: String,
        privateKeyPEM: [UInt8],
        from keySource: String
    ) throws(TLSError) {
        let certificates: [TLSCertificate]
        do throws(TLSError) {
            certificates = try PEMFile.certificates(in: certificateChainPEM, source: certificateSource)
        } catch {
            guard error.content == .privateKey, FileContent(privateKeyPEM) == .certificate else { throw error }
            throw TLSError(
                .certificate,
                "\(certificateSource) holds a private key and \(keySource) a certificate: they are swapped",
                file: certificateSource,
                content: .swapped
            )
        }
        self.init(
            leaf: certificates[0],
            chain: Array(certificates.dropFirst()),
            key: try PrivateKey(pem: privateKeyPEM, source: keySource),
            certificateSource: certificateSource,
            keySource: keySource
        )
        try verifyKeyMatches()
    }

    init(
        leaf: TLSCertificate,
        chain: [TLSCertificate],
        key: PrivateKey,
        certificateSource: String,
        keySource: String
    ) {
        self.leaf = leaf
        self.chain = chain
        self.key = key
        self.certificateSource = certificateSource
        self.keySource = keySource
    }

    /// Makes sure that the private key belongs to the leaf. Reading an identity has done it already.
    public func verifyKeyMatches() throws(TLSError) {
        guard !leaf.matches(key) else { return }
        let mismatch =
            "\(keySource) is not the private key of \(leaf.subject), the first certificate in \(certificateSource)"
        let fitting = chain.firstIndex { $0.matches(key) }
        throw TLSError(
            .keyMismatch,
            fitting.map { "\(mismatch), but of number \($0 + 2), \(chain[$0].subject), which has to stand first" }
                ?? mismatch,
            file: keySource
        )
    }

    /// The whole chain in PEM form, the leaf first.
    public var certificateChainPEM: [UInt8] {
        get throws(TLSError) {
            try PEMFile.pem(of: [leaf] + chain)
        }
    }

    /// The private key in PEM form, without a passphrase. It is a secret: what writes it must keep others from reading it.
    public var privateKeyPEM: [UInt8] {
        get throws(TLSError) {
            try key.pem()
        }
    }
}

extension TLSIdentity: CustomStringConvertible, CustomReflectable {
    /// The leaf's subject and names.
    public var description: String {
        leaf.description
    }

    /// The description alone: no mirror reaches the key.
    public var customMirror: Mirror {
        Mirror(self, children: ["leaf": leaf.description])
    }
}

extension TLSIdentity {
    /// Why clients may reject this identity by itself.
    ///
    /// - Parameter now: Seconds since 1970.
    public func problems(at now: Int64) -> [TLSIdentityProblem] {
        var problems = problemsOfTime(at: now)
        problems += LeafInspection(leaf).problems.map { problem($0) }
        if leaf.isSelfSigned { problems.append(problem(.selfSigned)) }
        problems += ChainInspection(certificates).problems.map { problem($0.kind, $0.position) }
        if !problems.contains(where: { $0.kind.explainsRefusal }) {
            problems += ChainVerdict(certificates).problems.map { problem($0.kind, $0.position) }
        }
        return problems
    }

    private func problemsOfTime(at now: Int64) -> [TLSIdentityProblem] {
        certificates.enumerated().compactMap { position, certificate in
            if now > certificate.notAfter { return problem(.expired, position) }
            return now < certificate.notBefore ? problem(.notYetValid, position) : nil
        }
    }

    func problem(_ kind: TLSIdentityProblem.Kind, _ position: Int = 0) -> TLSIdentityProblem {
        TLSIdentityProblem(
            kind: kind,
            source: certificateSource,
            certificate: position == 0 ? leaf : chain[position - 1],
            position: position
        )
    }
}

extension TLSIdentityProblem.Kind {
    /// Whether a verifier refuses the chain because of it: its verdict would say the same in other words.
    fileprivate var explainsRefusal: Bool {
        switch self {
        case .lacksIssuer, .outOfOrder, .wrongIssuerKey, .issuerIsNoAuthority, .pathTooLong, .unknownCriticalExtension,
            .notForServers, .noSignatureUsage(isUsable: false):
            true
        default:
            false
        }
    }
}
