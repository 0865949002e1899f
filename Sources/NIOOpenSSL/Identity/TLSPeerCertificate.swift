import COpenSSL

/// The certificate that the peer proved itself with. What it says is read when it is asked for.
public struct TLSPeerCertificate: Sendable {
    /// Owns a reference to an `X509`.
    ///
    /// `@unchecked Sendable`: OpenSSL counts references to an `X509` atomically and locks what it caches in one;
    /// nothing changes it here.
    private final class Reference: @unchecked Sendable {
        let pointer: OpaquePointer

        init(owning pointer: OpaquePointer) {
            self.pointer = pointer
        }

        deinit {
            X509_free(pointer)
        }
    }

    private let reference: Reference

    /// The certificate of the peer of `ssl`, if it showed one.
    init?(of ssl: OpaquePointer) {
        guard let pointer = SSL_get0_peer_certificate(ssl), X509_up_ref(pointer) == 1 else {
            return nil
        }
        reference = Reference(owning: pointer)
    }

    /// Whom the certificate is for, as `CN=example.org,O=Example`.
    public var subject: String {
        CertificateInspection.name(X509_get_subject_name(reference.pointer))
    }

    /// All that the certificate says. Each call reads it again.
    public var certificate: TLSCertificate {
        // An X509 counts its references up to the largest number: this cannot fail.
        X509_up_ref(reference.pointer)
        return TLSCertificate(owning: reference.pointer)
    }
}
