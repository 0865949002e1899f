/// What the gateway can learn from Hysteria's own configuration file: where its stats API listens, with which secret,
/// and where its certificate lies.
///
/// YAML and JSON are read, with keys in any case, nested or with dots, as Hysteria does. All other keys are Hysteria's business.
package struct HysteriaConfigurationFile: Sendable {
    /// Where the stats API can be called from this machine; `nil` if Hysteria does not serve it.
    package let statsAddress: StatsAddress?

    /// The secret of the stats API; `nil` if it has none.
    package let secret: Secret?

    /// What `trafficStats.listen` says, if others than this machine can reach it.
    package let openListen: OpenListen?

    /// The users, where the file itself says who they are.
    package let users: HysteriaUsers?

    /// Where the certificate and its key may lie, the likeliest place first.
    ///
    /// Relative paths depend on the directory that Hysteria was started in, so there can be more than one place.
    package let certificates: [CertificateCandidate]

    /// Where Hysteria may keep what belongs to certificates that it gets by itself, the likeliest place first; empty where it gets none.
    package let acmeDirectories: [String]

    /// The environment variable that names the directory of `acme` where the file does not.
    package static let directoryVariable = "HYSTERIA_ACME_DIR"

    /// The most bytes that a file may have.
    package static let longest = 16 << 20

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - text: What the file holds.
    ///   - path: The path of the file, for messages and for relative paths.
    ///   - environment: The environment that Hysteria has, for ``directoryVariable``.
    package init(
        text: String,
        path: String,
        environment: [String: String] = [:]
    ) throws(HysteriaConfigurationErrors) {
        if let format = ConfigurationFormat.unread(path: path) {
            throw Self.error(
                path,
                "is \(format), which the gateway does not read; write the same as YAML or JSON, or leave 'hysteria' out and "
                    + "name upstream.address, upstream.secretFile and certificates"
            )
        }
        let root: ConfigurationNode
        do {
            root = try ConfigurationNode(text: text.withoutByteOrderMark)
        } catch {
            throw Self.error(path, error.message, line: error.line)
        }
        var reader = HysteriaConfigurationReader(path: path, environment: environment)
        reader.read(root)
        guard reader.problems.isEmpty else { throw HysteriaConfigurationErrors(problems: reader.problems) }
        statsAddress = reader.statsAddress
        secret = reader.secret
        openListen = reader.openListen
        users = reader.users
        certificates = reader.certificates
        acmeDirectories = reader.acmeDirectories
    }

    private static func error(_ path: String, _ message: String, line: Int? = nil) -> HysteriaConfigurationErrors {
        HysteriaConfigurationErrors(problems: [HysteriaConfigurationProblem(file: path, line: line, message: message)])
    }
}

extension String {
    /// What stands after a byte order mark, which some editors write before a text.
    fileprivate var withoutByteOrderMark: String {
        unicodeScalars.first == "\u{feff}" ? String(unicodeScalars.dropFirst()) : self
    }
}

/// The users that Hysteria's own file names, by the ids that its stats API has for them.
package enum HysteriaUsers: Sendable, Hashable {
    /// `auth.type: password`: every client with the password is this user.
    case password
    /// `auth.type: userpass`: these, with their names in lower case.
    case userpass(Set<String>)

    /// The one id of `auth.type: password`.
    package static let passwordUser = "user"

    /// Whether the stats API can have figures of a user of this name.
    package func has(_ name: String) -> Bool {
        switch self {
        case .password: name == Self.passwordUser
        case .userpass(let names): names.contains(name)
        }
    }
}

/// A pair of files in which Hysteria's certificate and key may lie.
package struct CertificateCandidate: Sendable, Hashable {
    /// The path of the PEM file with the certificate chain.
    package let certificate: String

    /// The path of the PEM file with the private key.
    package let key: String

    /// The host name that the pair is for, where the configuration tells it.
    package let domain: String?

    /// Makes a candidate.
    package init(certificate: String, key: String, domain: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.domain = domain
    }
}

/// The formats that Hysteria reads, which it tells apart by the name of the file.
enum ConfigurationFormat {
    private static let unread = [
        "toml": "TOML", "hcl": "HCL", "tfvars": "HCL", "ini": "INI", "properties": "Java properties",
        "props": "Java properties", "prop": "Java properties", "env": "dotenv", "dotenv": "dotenv",
    ]

    /// The format that a file of this path has for Hysteria, if only Hysteria reads it.
    static func unread(path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return unread[name[name.index(after: dot)...].lowercased()]
    }
}
