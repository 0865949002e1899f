/// Where the ACME library of Hysteria keeps certificates.
enum ACMEDirectory {
    /// The name of an issuer's folder, by the value of `acme.ca`.
    static func issuer(ca: String) -> String? {
        switch ca.lowercased() {
        case "", "letsencrypt", "le": "acme-v02.api.letsencrypt.org-directory"
        case "zerossl", "zero": "acme.zerossl.com-v2-dv90"
        default: nil
        }
    }

    /// The files of a domain below a directory.
    static func candidate(directory: String, issuer: String, domain: String) -> CertificateCandidate {
        let name = Self.fileName(of: domain)
        let base = "\(directory)/certificates/\(issuer)/\(name)/\(name)"
        return CertificateCandidate(certificate: base + ".crt", key: base + ".key", domain: domain)
    }

    /// The domain as that library writes it in paths: nothing of it can lead out of the directory.
    private static func fileName(of domain: String) -> String {
        var name = ""
        for scalar in domain.lowercased().unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9", "_", "@", ".", "-": name.unicodeScalars.append(scalar)
            case "*": name += "wildcard_"
            case ":": name += "-"
            case "+": name += "_plus_"
            case " ": name += "_"
            default: break
            }
        }
        while let dots = name.firstRange(of: "..") { name.removeSubrange(dots) }
        return name
    }
}
