import GatewayConfiguration
import NIOOpenSSL

/// An identity for the demo: self-signed, made when it is loaded, and in no file.
struct ThrowawayIdentity: IdentitySource {
    /// The host names and addresses that it is for.
    let names: [String]

    var name: String { "the throwaway certificate" }

    var files: Set<String> { [] }

    func load() throws(TLSError) -> TLSIdentity { try TLSIdentity.throwaway(names: names) }

    func problem(_ error: TLSError) -> ConfigurationProblem { ConfigurationProblem(file: name, found: "\(error)") }
}
