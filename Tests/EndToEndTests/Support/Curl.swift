import DescribedAPI
import Testing

/// Asks a gateway with `curl`, as its callers do.
struct Curl: Sendable {
    /// A version of TLS that curl is held to.
    enum TLS: String, Sendable, CaseIterable {
        case v1_2 = "1.2"
        case v1_3 = "1.3"
    }

    /// What curl came back with.
    struct Outcome: Sendable {
        /// Its exit code: 0 for any answer at all.
        let exitCode: Int32
        /// What it got; nil if that was no answer.
        let answer: HTTPAnswer?
        /// Interim answers before it.
        let interim: [HTTPAnswer]
        /// What it complained of.
        let complaint: String
    }

    /// The file with the certificate that is trusted.
    let certificate: String
    /// Where the gateway serves HTTPS.
    let port: Int

    /// Asks for a path and returns the answer, which has to be as the description of the API has it.
    func get(
        _ path: String,
        token: String? = nil,
        tls: TLS = .v1_3,
        _ options: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> HTTPAnswer {
        let outcome = try await run(path, token: token, tls: tls, options)
        let answer = try #require(outcome.answer, "\(outcome.complaint)", sourceLocation: sourceLocation)
        let complaint = try DescribedAPI.shared.get().complaint(
            method: Self.method(options),
            target: path,
            status: answer.status,
            contentType: answer["content-type"],
            fields: answer.fields.map(\.name),
            problem: answer.problem.map { "urn:problem-type:hysteria-gateway:\($0)" }
        )
        #expect(complaint == nil, sourceLocation: sourceLocation)
        return answer
    }

    /// The method that curl uses with these options.
    private static func method(_ options: [String]) -> String {
        if let index = options.firstIndex(where: { ["--request", "-X"].contains($0) }) { return options[index + 1] }
        if options.contains("--head") { return "HEAD" }
        return options.contains { $0.hasPrefix("--data") } ? "POST" : "GET"
    }

    /// Asks for a path, whatever comes of it.
    func run(_ path: String, token: String? = nil, tls: TLS = .v1_3, _ options: [String]) async throws -> Outcome {
        var arguments = ["--cacert", certificate, "--tlsv\(tls.rawValue)", "--tls-max", tls.rawValue]
        if let token { arguments += ["--header", "Authorization: Bearer \(token)"] }
        return try await Self.run("https://127.0.0.1:\(port)\(path)", arguments + options)
    }

    /// Asks for a URL, whatever comes of it.
    static func run(_ url: String, _ options: [String] = []) async throws -> Outcome {
        // The first option keeps the user's own configuration of curl out.
        let standing = [
            "--disable", "--silent", "--show-error", "--include", "--http1.1", "--noproxy", "*", "--max-time", "30",
            "--path-as-is",
        ]
        let end = try await ChildProcess("/usr/bin/env", ["curl"] + standing + options + [url]).end()
        var rest = end.output[...]
        var interim: [HTTPAnswer] = []
        let isToHead = options.contains("--head")
        while let answer = HTTPAnswer(takenFrom: &rest, isToHead: isToHead, isWhole: true) {
            guard answer.status < 200 else {
                return Outcome(exitCode: end.exitCode, answer: answer, interim: interim, complaint: end.errorText)
            }
            interim.append(answer)
        }
        return Outcome(exitCode: end.exitCode, answer: nil, interim: interim, complaint: end.errorText)
    }
}

extension ChildProcess.State {
    /// The exit code; -1 for a program that a signal ended.
    var exitCode: Int32 {
        if case .exit(let code) = ending { code } else { -1 }
    }
}
