/// Talks to a gateway with `openssl s_client`.
enum OpenSSLClient {
    /// Sends a request, and returns all that comes until the connection ends.
    ///
    /// - Parameter options: Options of `s_client`.
    static func run(
        port: Int,
        request: String,
        trusting certificate: String,
        _ options: String...
    ) async throws -> ChildProcess.State {
        try await run(port: port, request: request, trusting: certificate, options: options)
    }

    /// The same, with options in a list.
    static func run(
        port: Int,
        request: String,
        trusting certificate: String,
        options: [String]
    ) async throws -> ChildProcess.State {
        let folder = try TemporaryFolder()
        let input = try folder.write(request, to: "request")
        let arguments = [
            "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", certificate, "-verify_return_error",
            "-ign_eof",
        ]
        return try await ChildProcess("/usr/bin/env", arguments + options, input: input).end()
    }
}
