import NIOOpenSSL

extension TLSError {
    /// What to do about a file that cannot be used; nil where that follows from the rest.
    package var advice: String? {
        if let content, let file { return Self.advice(content, file, wanted: kind) }
        for (reason, advice) in Self.weaknesses where reasons.contains(where: { $0.text == reason }) { return advice }
        return nil
    }

    /// By OpenSSL's reason.
    private static let weaknesses = [
        ("ee key too small", "make a new key (EC P-256, or RSA of 2048 bits) and have a certificate issued for it"),
        ("ca key too small", "use an authority with a longer key (EC P-256, or RSA of 2048 bits)"),
        ("ca md too weak", "have it reissued with SHA-256: its signature is of a kind that can be forged"),
        ("ee md too weak", "have it reissued with SHA-256: its signature is of a kind that can be forged"),
    ]

    private static func advice(_ content: FileContent, _ path: String, wanted: Kind) -> String? {
        let file = ShellText.quote(path)
        let new = ShellText.quote(path + ".pem")
        let isKey = wanted == .privateKey
        func run(_ command: String) -> String { "run: \(command) and name \(path).pem here" }
        switch content {
        case .derCertificate: return isKey ? nil : run("openssl x509 -inform DER -in \(file) -out \(new)")
        case .derKey: return run("(umask 077; openssl pkey -inform DER -in \(file) -out \(new))")
        case .derRevocationList: return run("openssl crl -inform DER -in \(file) -out \(new)")
        case .encryptedKey: return run("(umask 077; openssl pkey -in \(file) -out \(new))")
        case .pkcs12:
            return isKey
                ? run("(umask 077; openssl pkcs12 -in \(file) -nocerts -nodes -out \(new))")
                : run("openssl pkcs12 -in \(file) -nokeys -out \(new)")
        case .pkcs7(let isPEM):
            return run("openssl pkcs7 -print_certs\(isPEM ? "" : " -inform DER") -in \(file) -out \(new)")
        case .opensshKey:
            return isKey ? "run: ssh-keygen -p -m PEM -f \(file), or make a new key with openssl genpkey" : nil
        case .utf16: return run("iconv -f UTF-16 -t UTF-8 \(file) > \(new)")
        case .escapedNewlines: return run("(umask 077; sed 's/\\\\n/\\n/g' \(file) > \(new))")
        case .indented: return run("(umask 077; sed 's/^[[:space:]]*//' \(file) > \(new))")
        case .bareBase64:
            return isKey
                ? run("(umask 077; base64 -d \(file) | openssl pkey -inform DER -out \(new))")
                : run("base64 -d \(file) | openssl x509 -inform DER -out \(new)")
        case .javaKeyStore:
            return "run: keytool -importkeystore -srckeystore \(file) -deststoretype PKCS12 -destkeystore NEW.p12, "
                + "then take "
                + "certificate and key out of NEW.p12 with openssl pkcs12"
        case .signingRequest: return "name the certificate that the authority sent for it"
        case .publicKey: return "name the private key, which was made together with it"
        case .privateKey: return "name the certificate here: fullchain.pem, not privkey.pem"
        case .certificate: return isKey ? "name the private key here: privkey.pem, not fullchain.pem" : nil
        case .swapped: return "exchange the values of 'certificate' and 'key'"
        case .html, .json, .cutOff, .empty: return "download the file again"
        case .parameters, .revocationList, .unknown: return nil
        }
    }
}
