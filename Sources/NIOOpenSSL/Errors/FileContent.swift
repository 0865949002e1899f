/// What a file holds in which certificates, a key or a revocation list were looked for.
public enum FileContent: Sendable, Hashable {
    /// Nothing, or nothing but space.
    case empty
    /// A certificate in PEM form.
    case certificate
    /// A private key in PEM form.
    case privateKey
    /// A private key that a passphrase protects.
    case encryptedKey
    /// A public key alone.
    case publicKey
    /// A request for a certificate, which an authority makes one of.
    case signingRequest
    /// A revocation list in PEM form.
    case revocationList
    /// A private key in the form of OpenSSH.
    case opensshKey
    /// Parameters of a curve or of Diffie-Hellman, without a key.
    case parameters
    /// A certificate in DER form.
    case derCertificate
    /// A private key in DER form.
    case derKey
    /// A revocation list in DER form.
    case derRevocationList
    /// Certificate and key in one file, PKCS #12: `.pfx`, `.p12`.
    case pkcs12
    /// Certificates in one file, PKCS #7: `.p7b`.
    case pkcs7(isPEM: Bool)
    /// A key store of Java.
    case javaKeyStore
    /// Text in UTF-16, as some editors and shells on Windows write it.
    case utf16
    /// A page, such as one that says that a download failed.
    case html
    /// JSON, such as the store of another server.
    case json
    /// PEM in which line breaks are written as `\\n`.
    case escapedNewlines
    /// PEM with spaces before the first line of an object.
    case indented(line: Int)
    /// Base64 without the lines that say what it is.
    case bareBase64
    /// PEM that ends before its last line.
    case cutOff(line: Int)
    /// Certificate and key, each where the other one should be.
    case swapped
    /// Something that is none of these.
    case unknown

    /// Words that go on after the name of the file.
    public var words: String {
        switch self {
        case .empty: "is empty"
        case .certificate: "holds a certificate"
        case .privateKey: "holds a private key"
        case .encryptedKey: "holds a private key that is encrypted with a passphrase"
        case .publicKey: "holds a public key alone"
        case .signingRequest: "holds a certificate signing request (CSR), not a certificate"
        case .revocationList: "holds a revocation list"
        case .opensshKey: "holds a private key in the form of OpenSSH"
        case .parameters: "holds parameters alone"
        case .derCertificate: "holds a certificate in DER form (binary)"
        case .derKey: "holds a private key in DER form (binary)"
        case .derRevocationList: "holds a revocation list in DER form (binary)"
        case .pkcs12: "is a PKCS #12 file (.pfx, .p12), which holds certificate and key together"
        case .pkcs7: "is a PKCS #7 file (.p7b)"
        case .javaKeyStore: "is a key store of Java"
        case .utf16: "is text in UTF-16"
        case .html: "is a web page (HTML)"
        case .json: "is JSON"
        case .escapedNewlines: "has its line breaks written as \\n"
        case .indented(let line): "has spaces before -----BEGIN in line \(line)"
        case .bareBase64: "lacks the lines -----BEGIN and -----END"
        case .cutOff(let line): "is cut off: what begins in line \(line) has no end"
        case .swapped: "is swapped with the other one"
        case .unknown: "is something else"
        }
    }
}
