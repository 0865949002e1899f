import ArgumentParser
import Gateway
import GatewayConfiguration
import NIOOpenSSL

/// `certificate`: a self-signed certificate for development.
struct Certificate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a self-signed certificate for development, valid for 30 days.",
        discussion: """
            Writes fullchain.pem and privkey.pem; only their owner can read the key. The certificate is self-signed: \
            callers must be configured to trust it. For production, use a certificate authority such as Let's Encrypt.

              hysteria-gateway certificate localhost 127.0.0.1 --out certs
              curl --cacert certs/fullchain.pem https://localhost:8443/healthz

            Exit codes: 64 if a name is invalid, 73 if a file exists already or cannot be written.
            """
    )

    @Argument(help: "The host names and IP addresses of the certificate; *.my.site.com covers one label.")
    var names: [String]

    @Option(help: ArgumentHelp("The directory to write to; it is created if needed.", valueName: "dir"))
    var out: String

    @Flag(help: "Overwrite existing files.")
    var force = false

    func run() throws {
        let identity = try identity()
        do throws(IdentityWriter.WriteError) {
            // The configuration may lie elsewhere: its lines name whole paths.
            let directory = FilePath.simplified(FilePath.absolute(out, from: FilePath.workingDirectory()))
            let files = try IdentityWriter(directory: directory, overwrites: force).write(
                certificateChainPEM: identity.chain,
                privateKeyPEM: identity.key
            )
            Terminal.print(
                """
                The lines for the configuration:

                certificates:
                  - certificate: \(files.certificate)
                    key: \(files.key)
                """
            )
        } catch {
            throw CommandError("\(error)", .cannotCreate)
        }
    }

    private func identity() throws -> (chain: [UInt8], key: [UInt8]) {
        do throws(TLSError) {
            let identity = try TLSIdentity.throwaway(names: names)
            return (try identity.certificateChainPEM, try identity.privateKeyPEM)
        } catch {
            throw CommandError("\(error)", .validationFailure)
        }
    }
}
