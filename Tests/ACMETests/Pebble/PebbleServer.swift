import ACME
import Foundation
import Glibc
import NIOCore
import NIOOpenSSL
import NIOPosix
import Testing

/// Debian's `pebble`, an authority that shares no code with this one, with its DNS, on ports of their own.
final class PebbleServer {
    /// What a test wants of it.
    struct Options {
        /// Of a hundred good nonces, so many are refused.
        var nonceReject = 5
        /// Of a hundred authorizations that are valid already, so many are used again.
        var authorizationReuse = 50
        /// Seconds before a validation; nil for none.
        var sleep: Int?
        /// Accounts that have to be bound, and their keys in base64url.
        var externalAccounts: [String: String] = [:]
        /// Seconds for which a certificate is valid.
        var validity: Int?
        var isStrict = false
    }

    /// Whether it is here, and wanted: CI has the same done by the program that is shipped, and asks for it once.
    static let isInstalled =
        access("/usr/bin/pebble", X_OK) == 0 && access("/usr/bin/pebble-challtestsrv", X_OK) == 0
        && getenv("PEBBLE_SUITES").map { String(cString: $0) } != "0"

    /// Where it looks for proofs.
    let tlsPort: Int
    let httpPort: Int
    let folder: String
    let directory: String
    /// The certificate of its own server.
    let trustFile: String
    /// Where records of DNS are set.
    let recordsURL: String
    private let managementURL: String
    private let options: Options
    private let dnsPort: Int
    private let recordsPort: Int
    private var processes: [Process] = []

    /// - Parameters:
    ///   - tlsPort: Where it looks for proofs by a handshake; nil for a port that is free.
    ///   - httpPort: Where it looks for proofs by a request.
    init(_ options: Options = Options(), tlsPort: Int? = nil, httpPort: Int? = nil) async throws {
        self.options = options
        folder = NSTemporaryDirectory() + "/pebble-\(UUID().uuidString)"
        try #require(mkdir(folder, 0o700) == 0)
        let ports = try Self.freePorts(6)
        self.tlsPort = tlsPort ?? ports[4]
        self.httpPort = httpPort ?? ports[5]
        (dnsPort, recordsPort) = (ports[0], ports[1])
        directory = "https://localhost:\(ports[2])/dir"
        managementURL = "https://localhost:\(ports[3])"
        recordsURL = "http://127.0.0.1:\(recordsPort)"
        trustFile = "\(folder)/server.crt"
        let identity = try TLSIdentity.throwaway(names: ["localhost", "127.0.0.1"])
        try Data(identity.certificateChainPEM).write(to: URL(fileURLWithPath: trustFile))
        try Data(identity.privateKeyPEM).write(to: URL(fileURLWithPath: "\(folder)/server.key"))
        var configuration: [String: Any] = [
            "listenAddress": "127.0.0.1:\(ports[2])", "managementListenAddress": "127.0.0.1:\(ports[3])",
            "certificate": trustFile, "privateKey": "\(folder)/server.key", "httpPort": self.httpPort,
            "tlsPort": self.tlsPort,
            "externalAccountBindingRequired": !options.externalAccounts.isEmpty,
            "externalAccountMACKeys": options.externalAccounts,
        ]
        if let validity = options.validity { configuration["certificateValidityPeriod"] = validity }
        try JSONSerialization.data(withJSONObject: ["pebble": configuration])
            .write(to: URL(fileURLWithPath: "\(folder)/pebble.json"))
        try await start()
    }

    /// Starts it, with nothing that it knew before.
    func start() async throws {
        try launch(
            "/usr/bin/pebble-challtestsrv",
            [
                "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", "127.0.0.1:\(dnsPort)", "-http01", "",
                "-https01",
                "", "-tlsalpn01", "", "-management", "127.0.0.1:\(recordsPort)",
            ]
        )
        var environment = [
            "PEBBLE_WFE_NONCEREJECT": "\(options.nonceReject)", "PEBBLE_AUTHZREUSE": "\(options.authorizationReuse)",
        ]
        if let sleep = options.sleep { environment["PEBBLE_VA_SLEEPTIME"] = "\(sleep)" }
        if options.sleep == nil { environment["PEBBLE_VA_NOSLEEP"] = "1" }
        try launch(
            "/usr/bin/pebble",
            [
                "-config", "\(folder)/pebble.json", "-dnsserver", "127.0.0.1:\(dnsPort)",
                "-strict=\(options.isStrict)",
            ],
            environment
        )
        // It has no other way to say that it is there than to answer.
        for _ in 0..<200 {
            if (try? await client.send(WireRequest(.get, directory)))?.status == 200 { return }
            try await Task.sleep(nanoseconds: 50_000_000)
        }
        throw AuthorityTransportError("pebble does not answer at \(directory)")
    }

    private func launch(_ program: String, _ arguments: [String], _ environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        let log = "\(folder)/\(URL(fileURLWithPath: program).lastPathComponent).log"
        if access(log, F_OK) != 0 { try Data().write(to: URL(fileURLWithPath: log)) }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        output.seekToEndOfFile()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        processes.append(process)
    }

    /// Ends it. What it knew is gone.
    func stop() {
        for process in processes {
            process.terminate()
            process.waitUntilExit()
        }
        processes = []
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What it logged.
    var log: String { (try? String(contentsOfFile: "\(folder)/pebble.log", encoding: .utf8)) ?? "" }

    var client: AuthorityClient {
        AuthorityClient(
            group: MultiThreadedEventLoopGroup.singleton,
            trust: trustFile,
            userAgent: "hysteria-gateway/test"
        )
    }

    /// Sets a record of its DNS, by one of the commands of pebble-challtestsrv.
    func setRecord(_ command: String, _ json: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments = ["-sf", "-d", json, "\(recordsURL)/\(command)"]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command) \(json)")
    }

    /// The root that its certificates lead to, in PEM form.
    func root() async throws -> [UInt8] {
        try await client.send(WireRequest(.get, "\(managementURL)/roots/0")).body
    }

    /// Ports that are free now. Another process can take one before it is used; then the test fails and says so.
    private static func freePorts(_ count: Int) throws -> [Int] {
        let channels = try (0..<count).map { _ in
            try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).wait()
        }
        defer { for channel in channels { try? channel.close().wait() } }
        return channels.compactMap { $0.localAddress?.port }
    }
}
