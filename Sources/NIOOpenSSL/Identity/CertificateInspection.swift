import COpenSSL
import Text

/// Reads what an X.509 certificate says into plain values.
struct CertificateInspection {
    let certificate: OpaquePointer

    /// A distinguished name as text.
    static func name(_ name: OpaquePointer?) -> String {
        guard let name, let bio = try? MemoryBIO(), COpenSSL_X509_NAME_print(bio.pointer, name) >= 0 else {
            return ""
        }
        return bio.text
    }

    /// A point in time as seconds since 1970.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        guard let epoch = ASN1_TIME_set(nil, 0) else { return 0 }
        defer { ASN1_TIME_free(epoch) }
        var days: CInt = 0
        var seconds: CInt = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return 0 }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// The serial number in hexadecimal digits.
    var serial: String {
        guard let number = X509_get0_serialNumber(certificate) else { return "" }
        return HexText.of(Self.bytes(of: number))
    }

    /// The fingerprint in hexadecimal digits.
    var sha256: String {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 32
        guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return "" }
        return HexText.of(digest[..<Int(count)])
    }

    /// The kind and the size of the public key.
    var publicKey: String {
        guard let key = X509_get0_pubkey(certificate), let type = EVP_PKEY_get0_type_name(key) else {
            return "unknown"
        }
        var group = [CChar](repeating: 0, count: 64)
        var count = 0
        if EVP_PKEY_get_group_name(key, &group, group.count, &count) == 1, count > 0 {
            return String(cString: type) + " " + String(decoding: group[..<count].map(UInt8.init), as: UTF8.self)
        }
        return String(cString: type) + " \(EVP_PKEY_get_bits(key)) bits"
    }

    /// The host names and then the addresses among the subject's alternative names.
    var alternativeNames: [String] {
        guard let found = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        var hosts: [String] = []
        var addresses: [String] = []
        for index in 0..<COpenSSL_GENERAL_NAMES_num(names) {
            guard let name = COpenSSL_GENERAL_NAMES_value(names, index) else { continue }
            switch COpenSSL_GENERAL_NAME_type(name) {
            case GEN_DNS:
                hosts.append(String(decoding: Self.bytes(of: COpenSSL_GENERAL_NAME_string(name)), as: UTF8.self))
            case GEN_IPADD:
                addresses.append(IPAddressText.text(of: Self.bytes(of: COpenSSL_GENERAL_NAME_string(name))))
            default:
                continue
            }
        }
        return hosts + addresses
    }

    private static func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }
}
