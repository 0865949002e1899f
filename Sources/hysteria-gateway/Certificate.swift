import ArgumentParser
import Gateway
import NIOOpenSSL

/// `certificate`: a certificate for development, which vouches for itself.
struct Certificate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a certificate for development, valid for 30 days.",
        discussion: """
            Writes fullchain.pem and privkey.pem, the key readable for its owner alone. The certificate vouches for \
            itself: callers must be told to trust it. For the world, use one of a certificate authority, such as \
            Let's Encrypt.

              hysteria-gateway certificate localhost 127.0.0.1 --out certs
              curl --cacert certs/fullchain.pem https://localhost:8443/healthz

            Exit codes: 64 if a name is none, 73 if a file is there already or cannot be written.
            """
    )

    @Argument(help: "The host names and IP addresses that it is for; *.my.site.com covers one label.")
    var names: [String]

    @Option(help: ArgumentHelp("The directory to write into; it is made if need be.", valueName: "dir"))
    var out: String

    @Flag(help: "Replace files that are there already.")
    var force = false

    func run() throws {
        let identity = try identity()
        do throws(IdentityWriter.Failure) {
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
            throw Failure("\(error)", .cannotCreate)
        }
    }

    private func identity() throws -> (chain: [UInt8], key: [UInt8]) {
        do throws(TLSError) {
            let identity = try TLSIdentity.throwaway(names: names)
            return (try identity.certificateChainPEM, try identity.privateKeyPEM)
        } catch {
            throw Failure("\(error)", .validationFailure)
        }
    }
}
