import COpenSSL

/// The cipher of a connection.
///
/// `@unchecked Sendable`: it points to an entry of a constant table in OpenSSL.
public struct TLSCipher: @unchecked Sendable, CustomStringConvertible {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) {
        self.pointer = pointer
    }

    /// The number on the wire, such as 0x1301.
    public var wireValue: UInt16 {
        pointer.map(SSL_CIPHER_get_protocol_id) ?? 0
    }

    /// OpenSSL's name, such as `TLS_AES_128_GCM_SHA256`.
    public var description: String {
        // Computed on demand, so that a handshake that is not logged does not pay for it.
        SSL_CIPHER_get_name(pointer).map { String(cString: $0) } ?? "none"
    }
}
