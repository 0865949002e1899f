import Testing

/// A certificate that vouches for itself, with its key.
struct CallerIdentity {
    private let folder: TemporaryFolder

    /// The file with the certificate.
    var certificate: String { folder.path(of: "certificate.pem") }
    /// Options of `curl`.
    var options: [String] { ["--cert", certificate, "--key", folder.path(of: "key.pem")] }
    /// Options of `openssl s_client`.
    var openSSLOptions: [String] { ["-cert", certificate, "-key", folder.path(of: "key.pem")] }

    /// Makes one with this name.
    static func make(_ name: String) async throws -> CallerIdentity {
        let identity = CallerIdentity(folder: try TemporaryFolder())
        let arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
            "2",
            "-subj", "/O=Example/CN=\(name)", "-keyout", identity.folder.path(of: "key.pem"), "-out",
            identity.certificate,
        ]
        let end = try await ChildProcess("/usr/bin/env", arguments).end()
        try #require(end.exitCode == 0, "\(end)")
        return identity
    }
}
