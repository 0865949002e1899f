import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("A reload names the file whose content is another under the same path")
struct ReloadedFilesTests {
    @Test("the authority of the callers, and its revocation list")
    func clientCertificates() async throws {
        let first = try TLSIdentity.throwaway(names: ["first.example"])
        let second = try TLSIdentity.throwaway(names: ["second.example"])
        let further = "clientCertificates: {authority: ca.pem, revocationList: ca.crl}"
        let scene = try ReloadScene(ReloadScene.configuration(further: further)) { folder in
            try ReloadScene.write(first.certificateChainPEM, folder, "ca.pem")
            try ReloadScene.write(RevocationList.pem(of: first, number: 1), folder, "ca.crl")
        }
        await scene.look()
        try scene.write(RevocationList.pem(of: first, number: 2), "ca.crl")
        #expect(await scene.look() == ["info: reloaded changed=clientCertificates.revocationList"])
        try scene.write(first.certificateChainPEM + second.certificateChainPEM, "ca.pem")
        let lines = await scene.look()
        #expect(lines.last == "info: reloaded changed=clientCertificates.authority")
        // The second authority has no list, so whom it vouches for is refused.
        #expect(lines.first?.contains("ca.crl: callers of CN=second.example are refused: ") == true)
        // Another path with the same content changes nothing for anybody.
        try scene.write(first.certificateChainPEM + second.certificateChainPEM, "other.pem")
        try scene.write(ReloadScene.configuration(further: further.replacing("ca.pem", with: "other.pem")))
        #expect(await scene.look(.demand) == ["info: reloaded changed=nothing"])
        try scene.write(ReloadScene.configuration(further: "clientCertificates: {authority: ca.pem, required: false}"))
        #expect(
            await scene.look() == [
                "info: reloaded changed=clientCertificates.revocationList, clientCertificates.required"
            ]
        )
        try scene.write(ReloadScene.configuration())
        #expect(await scene.look() == ["info: reloaded changed=clientCertificates"])
    }

    @Test("the keys of session tickets, which are good from then on")
    func ticketKeys() async throws {
        let lines = ["0a", "b1"].map { String(repeating: $0, count: 80) + "\n" }
        let scene = try ReloadScene(ReloadScene.configuration(further: "tls: {ticketKeyFile: ticket.keys}")) { folder in
            try ReloadScene.write(Array(lines[0].utf8), folder, "ticket.keys")
        }
        await scene.look()
        try scene.write(lines[1] + lines[0], "ticket.keys")
        #expect(await scene.look() == ["info: reloaded changed=tls.ticketKeyFile"])
        #expect(await scene.look(.demand) == ["info: reloaded changed=nothing"])
        try scene.write("# the same keys\n" + lines[1] + lines[0], "ticket.keys")
        #expect(await scene.look(.demand) == ["info: reloaded changed=nothing"])
    }
}
