import Foundation

/// Runs the openssl command in a folder, as operators do.
enum OpenSSLCommand {
    struct Failure: Error, CustomStringConvertible { let description: String }

    @discardableResult
    static func run(_ words: [String], in folder: URL) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + words
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: words, as: UTF8.self))
        }
        return data
    }
}

/// A certificate to be issued by the openssl command: what is said differs from one that everybody takes.
struct IssuedCertificate: Sendable {
    var key = ["EC", "ec_paramgen_curve:P-256"]
    var extensions = Self.ofServer
    var subject = "/CN=localhost"
    var days = 90
    /// The digest, as an option of the command.
    var digest = "-sha256"

    static let ofServer = [
        "basicConstraints": "critical,CA:FALSE", "keyUsage": "critical,digitalSignature",
        "extendedKeyUsage": "serverAuth", "subjectAltName": "DNS:localhost", "subjectKeyIdentifier": "hash",
        "authorityKeyIdentifier": "keyid",
    ]
    static let ofAuthority = [
        "basicConstraints": "critical,CA:TRUE", "keyUsage": "critical,keyCertSign,cRLSign",
        "subjectKeyIdentifier": "hash", "authorityKeyIdentifier": "keyid",
    ]

    /// A server's with other extensions: nil takes one away.
    static func server(_ changes: [String: String?] = [:], key: [String]? = nil) -> IssuedCertificate {
        changed(IssuedCertificate(), changes, key)
    }

    /// An authority's, likewise.
    static func authority(_ name: String, _ changes: [String: String?] = [:]) -> IssuedCertificate {
        changed(IssuedCertificate(extensions: ofAuthority, subject: "/CN=\(name)"), changes, nil)
    }

    private static func changed(
        _ certificate: IssuedCertificate,
        _ changes: [String: String?],
        _ key: [String]?
    ) -> IssuedCertificate {
        var certificate = certificate
        if let key { certificate.key = key }
        for (name, value) in changes { certificate.extensions[name] = value }
        return certificate
    }

    /// Writes `name.key` and `name.crt`; without an issuer, the certificate vouches for itself.
    func write(_ name: String, by issuer: String? = nil, in folder: URL) throws {
        let options = key.dropFirst().flatMap { ["-pkeyopt", $0] }
        try OpenSSLCommand.run(["genpkey", "-algorithm", key[0]] + options + ["-out", "\(name).key"], in: folder)
        try OpenSSLCommand.run(
            ["req", "-new", "-key", "\(name).key", "-subj", subject, "-out", "\(name).csr"],
            in: folder
        )
        let text = extensions.map { "\($0.key)=\($0.value)\n" }.sorted().joined()
        try Data(text.utf8).write(to: folder.appendingPathComponent("\(name).ext"))
        let signer = issuer.map { ["-CA", "\($0).crt", "-CAkey", "\($0).key", "-CAcreateserial"] }
        try OpenSSLCommand.run(
            ["x509", "-req", "-in", "\(name).csr", "-days", "\(days)", "-extfile", "\(name).ext", digest]
                + (signer ?? ["-key", "\(name).key"]) + ["-out", "\(name).crt"],
            in: folder
        )
    }
}
