import COpenSSL

/// The OpenSSL that the process runs with, which may be newer than the one it was built with.
public enum OpenSSLVersion {
    /// Such as `OpenSSL 3.0.17 1 Jul 2025`.
    public static var description: String {
        OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
    }
}
