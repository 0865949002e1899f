import Foundation
import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("The client certificates of each listener")
struct ReloadedListenersTests {
    private static let first = Result { try TLSIdentity.throwaway(names: ["first.example"]) }
    private static let second = Result { try TLSIdentity.throwaway(names: ["second.example"]) }

    /// A scene with these entries of `listen`, and the authorities `one.pem`, `two.pem` and `copy.pem`, the latter with the
    /// content of the first.
    private static func scene(_ listen: String, further: String = "") throws -> ReloadScene {
        let (one, two) = (try first.get(), try second.get())
        return try ReloadScene(configuration(listen, further: further)) { folder in
            try ReloadScene.write(one.certificateChainPEM, folder, "one.pem")
            try ReloadScene.write(one.certificateChainPEM, folder, "copy.pem")
            try ReloadScene.write(two.certificateChainPEM, folder, "two.pem")
            try ReloadScene.write(RevocationList.pem(of: two, number: 1), folder, "two.crl")
        }
    }

    private static func configuration(_ listen: String, further: String = "") -> String {
        ReloadScene.configuration(further: further)
            .replacing("listen: \"127.0.0.1:0\"", with: "listen: [\(listen)]")
    }

    private static func entry(_ port: Int, _ clientCertificates: String? = nil) -> String {
        guard let clientCertificates else { return "\"127.0.0.1:\(port)\"" }
        return "{address: \"127.0.0.1:\(port)\", clientCertificates: \(clientCertificates)}"
    }

    private static func subjects(_ state: ServingState) -> [[String]?] {
        state.listeners.map { $0.clientVerification?.authorities.map(\.subject) }
    }

    @Test("are those of its entry, or the gateway's; equal ones share a context")
    func contexts() throws {
        let entries = [
            Self.entry(1), Self.entry(2, "none"), Self.entry(3, "{authority: two.pem}"),
            Self.entry(4, "{authority: copy.pem}"), Self.entry(5, "{authority: copy.pem, required: false}"),
            Self.entry(6, "none"), Self.entry(7, "{authority: two.pem, revocationList: two.crl}"),
        ]
        let state = try Self.scene(entries.joined(separator: ", "), further: "clientCertificates: {authority: one.pem}")
            .reloader.state
        let (one, two) = ("CN=first.example", "CN=second.example")
        #expect(Self.subjects(state) == [[one], nil, [two], [one], [one], nil, [two]])
        #expect(state.listeners.map { $0.clientVerification?.isRequired } == [true, nil, true, true, false, nil, true])
        let contexts = state.listeners.map { ObjectIdentifier($0.context) }
        #expect(contexts.map { contexts.firstIndex(of: $0) } == [0, 1, 2, 0, 4, 1, 6])
    }

    @Test("are taken on reload, and the log names the file whose content is another")
    func files() async throws {
        let entries = [Self.entry(1), Self.entry(2, "{authority: two.pem, revocationList: two.crl}")]
        let scene = try Self.scene(
            entries.joined(separator: ", "),
            further: "clientCertificates: {authority: one.pem}"
        )
        await scene.look()
        let tickets = scene.reloader.state.ticketKeys
        try scene.write(RevocationList.pem(of: Self.second.get(), number: 2), "two.crl")
        #expect(await scene.look() == ["info: reloaded changed=listen[1].clientCertificates.revocationList"])
        let both = try Self.first.get().certificateChainPEM + Self.second.get().certificateChainPEM
        try scene.write(both, "two.pem")
        #expect(await scene.look().last == "info: reloaded changed=listen[1].clientCertificates.authority")
        try scene.write(both, "one.pem")
        #expect(await scene.look() == ["info: reloaded changed=clientCertificates.authority"])
        #expect(scene.adopted.states.last?.listeners.count == 2)
        #expect(scene.reloader.state.ticketKeys === tickets)
    }

    @Test("are taken on reload when the entry says something else, which needs no restart")
    func entries() async throws {
        let gateways = "clientCertificates: {authority: one.pem}"
        let scene = try Self.scene(Self.entry(1) + ", " + Self.entry(2), further: gateways)
        await scene.look()
        func look(_ clientCertificates: String?) async throws -> [String] {
            let listen = Self.entry(1) + ", " + Self.entry(2, clientCertificates)
            try scene.write(Self.configuration(listen, further: gateways))
            return await scene.look(.demand)
        }
        let key = "listen[1].clientCertificates"
        #expect(try await look("none") == ["info: reloaded changed=\(key)"])
        #expect(Self.subjects(scene.reloader.state) == [["CN=first.example"], nil])
        #expect(try await look("{authority: two.pem}") == ["info: reloaded changed=\(key)"])
        #expect(try await look("{authority: two.pem, required: false}") == ["info: reloaded changed=\(key).required"])
        #expect(try await look(nil) == ["info: reloaded changed=\(key)"])
        // The gateway's own content under another name changes nothing for anybody.
        #expect(try await look("{authority: copy.pem}") == ["info: reloaded changed=nothing"])
        let contexts = scene.reloader.state.listeners.map(\.context)
        #expect(contexts[0] === contexts[1])
    }

    @Test("stay with their address when the list is in another order, or lacks it until the restart")
    func addresses() async throws {
        let strict = Self.entry(2, "{authority: two.pem}")
        let scene = try Self.scene([Self.entry(1), strict, Self.entry(3, "none")].joined(separator: ", "))
        await scene.look()
        let waiting = "warning: some changes of the configuration need a restart keys=listen"
        try scene.write(Self.configuration(strict + ", " + Self.entry(1)))
        #expect(await scene.look(.demand) == ["info: reloaded changed=nothing", waiting])
        #expect(Self.subjects(scene.reloader.state) == [nil, ["CN=second.example"], nil])
        // Its file may be gone as well; nobody gets in there who did not before.
        try FileManager.default.removeItem(at: scene.folder.appendingPathComponent("two.pem"))
        try scene.write(Self.configuration(Self.entry(1) + ", " + Self.entry(9)))
        #expect(await scene.look(.demand) == ["info: reloaded changed=nothing", waiting])
        #expect(Self.subjects(scene.reloader.state) == [nil, ["CN=second.example"], nil])
        #expect(scene.reloader.state.listeners.map(\.settings.address.port) == [1, 2, 3])
    }

    @Test("are told apart by their order where the system chooses the ports")
    func chosenPorts() async throws {
        let scene = try Self.scene(Self.entry(0) + ", " + Self.entry(0, "{authority: one.pem}"))
        await scene.look()
        #expect(Self.subjects(scene.reloader.state) == [nil, ["CN=first.example"]])
        try scene.write(Self.configuration(Self.entry(0) + ", " + Self.entry(0, "{authority: two.pem}")))
        #expect(await scene.look() == ["info: reloaded changed=listen[1].clientCertificates.authority"])
        #expect(Self.subjects(scene.reloader.state) == [nil, ["CN=second.example"]])
    }

    @Test("change nowhere when one of them cannot be used")
    func transaction() async throws {
        let entries = Self.entry(1, "{authority: one.pem}") + ", " + Self.entry(2, "{authority: two.pem}")
        let scene = try Self.scene(entries)
        await scene.look()
        let before = scene.reloader.state
        try scene.write("nothing of use", "two.pem")
        try scene.write(Self.second.get().certificateChainPEM, "one.pem")
        let lines = await scene.look()
        #expect(lines.count == 1)
        #expect(lines.first?.contains("listen[1].clientCertificates.authority: ") == true, "\(lines)")
        #expect(scene.reloader.state === before)
    }
}
