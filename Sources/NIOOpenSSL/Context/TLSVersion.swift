import COpenSSL

/// A version of the TLS protocol that this module speaks.
public struct TLSVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number on the wire, such as 0x0304 for TLS 1.3.
    public let wireValue: UInt16

    init(wireValue: UInt16) {
        self.wireValue = wireValue
    }

    /// TLS 1.2.
    public static let v1_2 = TLSVersion(wireValue: UInt16(TLS1_2_VERSION))
    /// TLS 1.3.
    public static let v1_3 = TLSVersion(wireValue: UInt16(TLS1_3_VERSION))

    /// The version as people write it: `TLSv1.3`.
    public var description: String {
        switch self {
        case .v1_2: "TLSv1.2"
        case .v1_3: "TLSv1.3"
        default: "TLS version \(wireValue)"
        }
    }

    /// An older version is less than a newer one.
    public static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.wireValue < right.wireValue
    }
}
