import Foundation
import HysteriaStats
import Testing

/// Listeners of one gateway that ask for different certificates.
@Suite(.startsPrograms)
struct ListenerCertificateTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    /// The callers' own certificates, and the folder of a gateway's configuration.
    private let phone: CallerIdentity
    private let panel: CallerIdentity
    private let folder: TemporaryFolder

    init() async throws {
        phone = try await CallerIdentity.make("phone")
        panel = try await CallerIdentity.make("panel")
        folder = try TemporaryFolder()
    }

    /// Writes a configuration with these entries of `listen`.
    @discardableResult
    private func configure(_ entries: [String], further: String = "") throws -> String {
        let upstream = StatsAddress(host: "127.0.0.1", port: 9)
        let path = try Scene.write(Scene.Setting(further: further), upstream: upstream, to: folder)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let listen = "[\(entries.joined(separator: ", "))]"
        return try folder.write(text.replacing("listen: \"127.0.0.1:0\"", with: "listen: \(listen)"), to: "config.yaml")
    }

    private func entry(_ rule: String?, port: Int = 0) -> String {
        guard let rule else { return "\"127.0.0.1:\(port)\"" }
        return "{address: \"127.0.0.1:\(port)\", clientCertificates: \(rule)}"
    }

    private func requiring(_ identity: CallerIdentity) -> String { "{authority: \(identity.certificate)}" }

    /// The status that a caller gets; nil where there is no answer.
    private func status(
        _ port: Int,
        as caller: CallerIdentity? = nil,
        tls: Curl.TLS = .v1_3
    ) async throws -> Int? {
        let curl = Curl(certificate: folder.path(of: "certificate.pem"), port: port)
        return try await curl.run("/healthz", tls: tls, caller?.options ?? []).answer?.status
    }

    private func connect(_ port: Int, _ version: String, _ options: [String]) async throws -> ChildProcess.State {
        try await OpenSSLClient.run(
            port: port,
            request: Self.request,
            trusting: folder.path(of: "certificate.pem"),
            options: [version] + options
        )
    }

    @Test("one asks for a certificate and another does not at the same time", arguments: Curl.TLS.allCases)
    func oneAsksForACertificateAndAnotherDoesNotAtTheSameTime(tls: Curl.TLS) async throws {
        let gateway = try await GatewayProcess.start(
            configuration: configure(
                [entry("none"), entry(nil), entry(requiring(panel))],
                further: "clientCertificates: \(requiring(phone))\naccessLog: json"
            ),
            listeners: 3
        )
        let (open, common, own) = (gateway.ports[0], gateway.ports[1], gateway.ports[2])
        for _ in 0..<2 {
            #expect(try await status(open, tls: tls) == 200)
            #expect(try await status(common, tls: tls) == nil)
            #expect(try await status(own, tls: tls) == nil)
            #expect(try await status(common, as: phone, tls: tls) == 200)
            #expect(try await status(own, as: phone, tls: tls) == nil)
            #expect(try await status(common, as: panel, tls: tls) == nil)
            #expect(try await status(own, as: panel, tls: tls) == 200)
        }
        let end = try await gateway.stop()
        #expect(end.ending == .exit(0))
        let lines = end.outputText.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines.count { $0.contains(#""certificate":"CN=phone,O=Example""#) } == 2)
        #expect(lines.count { $0.contains(#""certificate":"CN=panel,O=Example""#) } == 2)
    }

    @Test("a ticket of one does not open another that asks for more", arguments: ["-tls1_2", "-tls1_3"])
    func aTicketOfOneDoesNotOpenAnotherThatAsksForMore(version: String) async throws {
        let gateway = try await GatewayProcess.start(
            configuration: configure([
                entry("none"), entry(requiring(phone)), entry("{authority: \(phone.certificate), required: false}"),
                entry(requiring(panel)), entry(nil), entry(requiring(phone)),
            ]),
            listeners: 6
        )
        let ports = gateway.ports
        /// Which listeners give the ticket, with whose certificate, and which of them take it.
        let origins: [(port: Int, caller: CallerIdentity?, takers: Set<Int>)] = [
            (ports[0], nil, [ports[0], ports[4]]),
            (ports[1], phone, [ports[1], ports[5]]),
            (ports[2], nil, [ports[2]]),
            (ports[2], phone, [ports[2]]),
            (ports[3], panel, [ports[3]]),
        ]
        for (index, origin) in origins.enumerated() {
            let session = folder.path(of: "session-\(index)")
            let first = try await connect(
                origin.port,
                version,
                ["-sess_out", session] + (origin.caller?.openSSLOptions ?? [])
            )
            #expect(first.outputText.contains("New, TLSv1") && first.outputText.contains("200 OK"))
            for port in ports {
                let again = try await connect(port, version, ["-sess_in", session])
                if origin.takers.contains(port) {
                    #expect(again.outputText.contains("Reused, TLSv1") && again.outputText.contains("200 OK"))
                    continue
                }
                #expect(again.outputText.contains("New, TLSv1") || version == "-tls1_2")
                #expect(!again.outputText.contains("Reused, TLSv1"))
                let asks = [ports[1], ports[3], ports[5]].contains(port)
                #expect(again.outputText.contains("200 OK") == !asks, "from \(index) to \(port)")
                guard asks else { continue }
                // In TLS 1.2 the alert for it did not exist yet.
                #expect(again.errorText.contains(version == "-tls1_2" ? "handshake failure" : "certificate required"))
            }
        }
        // Who has a ticket of the open one and shows a certificate gets in by a full handshake.
        let options = ["-sess_in", folder.path(of: "session-0")] + phone.openSSLOptions
        let shown = try await connect(ports[1], version, options)
        #expect(shown.outputText.contains("New, TLSv1") && shown.outputText.contains("200 OK"))
        #expect(try await gateway.stop().ending == .exit(0))
    }

    @Test("a reload changes what one asks for without dropping a connection")
    func aReloadChangesWhatOneAsksForWithoutDroppingAConnection() async throws {
        let gateway = try await GatewayProcess.start(configuration: configure([entry(nil), entry(nil)]), listeners: 2)
        let (steady, changed) = (gateway.ports[0], gateway.ports[1])
        let connected = try await SocketClient.tls(to: changed)
        let session = folder.path(of: "session")
        _ = try await connect(changed, "-tls1_3", ["-sess_out", session])

        try configure([entry(nil), entry(requiring(phone))])
        try await gateway.reload()
        try await gateway.log("reloaded", "changed=listen[1].clientCertificates")
        #expect(try await status(steady) == 200)
        #expect(try await status(changed) == nil)
        #expect(try await status(changed, as: phone) == 200)
        let again = try await connect(changed, "-tls1_3", ["-sess_in", session])
        #expect(again.outputText.contains("New, TLSv1.3") && !again.outputText.contains("200 OK"))
        // Who is connected stays.
        #expect(try await connected.answer(to: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
        try await connected.close()

        // Another authority in the file: seen without being told.
        try FileManager.default.removeItem(atPath: phone.certificate)
        try FileManager.default.copyItem(atPath: panel.certificate, toPath: phone.certificate)
        try await gateway.log("reloaded", "changed=listen[1].clientCertificates.authority")
        #expect(try await status(changed, as: panel) == 200)

        // What cannot be used changes nothing.
        try configure([entry(nil), entry("{authority: nowhere.pem}")])
        gateway.process.send(SIGHUP)
        try await gateway.log("is rejected", "listen[1].clientCertificates.authority: ", "does not exist")
        #expect(try await status(changed) == nil)
        #expect(try await status(changed, as: panel) == 200)
        #expect(try await status(steady) == 200)
        #expect(try await gateway.stop().ending == .exit(0))
    }

    @Test("who takes over the sockets asks at each as its own configuration says")
    func whoTakesOverTheSocketsAsksAtEachAsItsOwnConfigurationSays() async throws {
        let options = ["--handover", folder.path(of: "handover")]
        let first = try await GatewayProcess.start(
            configuration: configure([entry(nil), entry(requiring(phone))]),
            listeners: 2,
            options: options
        )
        let ports = first.ports
        // The rules the other way round, and the addresses in another order.
        let second = try await GatewayProcess.start(
            configuration: configure([entry("none", port: ports[1]), entry(requiring(panel), port: ports[0])]),
            listeners: 2,
            options: options + ["--take-over"]
        )
        #expect(second.ports == [ports[1], ports[0]])
        #expect(try await first.process.end().ending == .exit(0))
        #expect(try await status(ports[1]) == 200)
        #expect(try await status(ports[0]) == nil)
        #expect(try await status(ports[0], as: panel) == 200)
        #expect(try await second.stop().ending == .exit(0))
    }

    @Test("the socket of a service manager is matched to its entry")
    func theSocketOfAServiceManagerIsMatchedToItsEntry() async throws {
        let manager = try ServiceManager(in: folder, isAbstract: true)
        let path = try configure([entry(nil), entry(requiring(phone), port: manager.port)])
        let gateway = try await GatewayProcess.listening(manager.start(configuration: path), listeners: 2)
        #expect(gateway.ports[1] == manager.port)
        #expect(try await status(gateway.ports[0]) == 200)
        #expect(try await status(manager.port) == nil)
        #expect(try await status(manager.port, as: phone) == 200)
        #expect(try await gateway.stop().ending == .exit(0))
    }

    @Test("check names the entry whose files cannot be used")
    func checkNamesTheEntryWhoseFilesCannotBeUsed() async throws {
        let path = try configure([entry(nil), entry("{authority: nowhere.pem}")])
        let end = try await BuiltProgram.run("check", "--config", path)
        #expect(end.ending == .exit(1))
        #expect(end.outputText.contains("listen[1].clientCertificates.authority: "), "\(end)")
        let serve = try await BuiltProgram.run("serve", "--config", path)
        #expect(serve.ending == .exit(78))
        #expect(serve.errorText.contains("listen[1].clientCertificates.authority: "), "\(serve)")
    }
}
