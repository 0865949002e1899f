import Foundation
import NIOOpenSSL
import Testing
import Time

@testable import Gateway

@Suite("A reload")
struct ReloaderTests {
    @Test("says nothing when nothing has changed, unless it was demanded")
    func unchanged() async throws {
        let scene = try ReloadScene()
        #expect(await scene.look() == [])
        #expect(await scene.look(.time) == [])
        #expect(await scene.look(.demand) == ["info: reloaded changed=nothing"])
    }

    @Test("takes a certificate that was written in place, renamed over or swapped by a link above it")
    func waysOfChange() async throws {
        let text = ReloadScene.configuration()
            .replacing("fullchain.pem, key: privkey.pem", with: "live/fullchain.pem, key: live/privkey.pem")
        let scene = try ReloadScene(text) { folder in
            for (name, host) in [("one", "one.example"), ("two", "two.example")] {
                let folder = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try ReloadScene.write(TLSIdentity.throwaway(names: [host]), folder)
            }
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("live").path,
                withDestinationPath: "one"
            )
        }
        await scene.look()
        #expect(scene.servedNames == ["one.example"])

        let written = try TLSIdentity.throwaway(names: ["written.example"])
        try ReloadScene.write(written, scene.folder.appendingPathComponent("one"))
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
        #expect(scene.servedNames == ["written.example"])

        let renamed = try TLSIdentity.throwaway(names: ["renamed.example"])
        try scene.write(renamed.privateKeyPEM, "one/key.new")
        try scene.write(renamed.certificateChainPEM, "one/chain.new")
        rename(scene.folder.path + "/one/key.new", scene.folder.path + "/one/privkey.pem")
        rename(scene.folder.path + "/one/chain.new", scene.folder.path + "/one/fullchain.pem")
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
        #expect(scene.servedNames == ["renamed.example"])

        symlink("two", scene.folder.path + "/live.new")
        rename(scene.folder.path + "/live.new", scene.folder.path + "/live")
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
        #expect(scene.servedNames == ["two.example"])
    }

    @Test("keeps the old pair while the key has changed before the certificate, and takes the new one when it fits")
    func keyFirst() async throws {
        let scene = try ReloadScene()
        await scene.look()
        let new = try TLSIdentity.throwaway(names: ["new.example"])
        try scene.write(new.privateKeyPEM, "privkey.pem")
        // Half of a renewal is no error, unless it stays one.
        let first = await scene.look()
        #expect(first.count == 1)
        #expect(first.first?.hasPrefix("info: a certificate and its key do not match yet") == true)
        #expect(await scene.look() == [])
        #expect(await scene.look(.time) == [])
        let lines = await scene.look(.time)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("error: the configuration is rejected; the last good one") == true)
        #expect(lines.first?.contains("privkey.pem is not the private key of CN=first.example") == true)
        // It is tried again, and nobody hears of it twice.
        #expect(await scene.look(.time) == [])
        #expect(scene.servedNames == ["first.example"])
        try scene.write(new.certificateChainPEM, "fullchain.pem")
        #expect(await scene.look(.time) == ["info: reloaded changed=certificates"])
        #expect(scene.servedNames == ["new.example"])
    }

    @Test("says nothing of an error where the rest of a renewal comes in time, or the file is empty for a moment")
    func renewal() async throws {
        let scene = try ReloadScene()
        await scene.look()
        let new = try TLSIdentity.throwaway(names: ["new.example"])
        try scene.write([], "fullchain.pem")
        #expect(await scene.look().first?.hasPrefix("info: a certificate and its key do not match yet") == true)
        try scene.write(new.privateKeyPEM, "privkey.pem")
        #expect(await scene.look() == [])
        try scene.write(new.certificateChainPEM, "fullchain.pem")
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
        // Who asks gets an answer.
        try scene.write(TLSIdentity.throwaway(names: ["other.example"]).privateKeyPEM, "privkey.pem")
        #expect(await scene.look(.demand).first?.hasPrefix("error: ") == true)
    }

    @Test("keeps what is served when the certificate is damaged, missing or out of its time")
    func damaged() async throws {
        let scene = try ReloadScene()
        await scene.look()
        try scene.write("-----BEGIN CERTIFICATE-----\nAAAA\n", "fullchain.pem")
        #expect(await scene.look().first?.contains("fullchain.pem cannot be read") == true)
        try FileManager.default.removeItem(atPath: scene.folder.path + "/fullchain.pem")
        #expect(await scene.look().first?.contains("fullchain.pem does not exist") == true)
        try ReloadScene.write(TLSIdentity.throwaway(names: ["old.example"], days: -1), scene.folder)
        #expect(await scene.look().first?.contains("fullchain.pem: expired at ") == true)
        #expect(scene.servedNames == ["first.example"])
        try ReloadScene.write(TLSIdentity.throwaway(names: ["good.example"]), scene.folder)
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
        #expect(scene.servedNames == ["good.example"])
    }

    @Test("changes nothing when the configuration does not hold, however much of it is good")
    func unusable() async throws {
        let scene = try ReloadScene()
        await scene.look()
        let before = scene.adopted.states.count
        try scene.write(ReloadScene.configuration(secret: "other", hash: "b", further: "limits: {conections: 5}"))
        let lines = await scene.look()
        #expect(lines.count == 1)
        #expect(lines.first?.contains("limits.conections: unknown key; did you mean 'connections'?") == true)
        #expect(lines.first?.contains("other") == false)
        #expect(scene.adopted.states.count == before)
        // Back to what is served: a word that all is well again.
        try scene.write(ReloadScene.configuration())
        #expect(await scene.look() == ["info: reloaded changed=nothing"])
    }

    @Test("takes tokens, secrets, limits and the log level, and says what waits for a restart")
    func parts() async throws {
        let scene = try ReloadScene()
        await scene.look()
        try scene.write(
            ReloadScene.configuration(
                listen: "127.0.0.1:1",
                secret: "other",
                hash: "b",
                further: "limits: {connections: 5}\nlogLevel: debug\naccessLog: none"
            )
        )
        #expect(
            await scene.look() == [
                "info: reloaded changed=upstream, tokens, limits, logLevel",
                "warning: some changes of the configuration need a restart keys=listen, accessLog",
            ]
        )
        let served = scene.reloader.state.configuration
        #expect(served.limits.connections == 5)
        #expect(served.tokens[0].digest.text == "sha256:" + String(repeating: "b", count: 64))
        #expect(scene.adopted.states.last?.tokens === scene.reloader.state.tokens)
        // What waits is not told again until it changes.
        try ReloadScene.write(TLSIdentity.throwaway(names: ["new.example"]), scene.folder)
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
    }

    @Test("looks at the files that hold tokens and secrets, and at those that the new configuration names")
    func referenced() async throws {
        let text = ReloadScene.configuration()
            .replacing("secret: some_secret", with: "secretFile: secret")
            .replacing("hash: \"sha256:\(String(repeating: "a", count: 64))\"", with: "tokenFile: token")
        let scene = try ReloadScene(text) { folder in
            try ReloadScene.write(Array("first_secret\n".utf8), folder, "secret")
            try ReloadScene.write(Array("first-token-of-the-phone\n".utf8), folder, "token")
        }
        await scene.look()
        try scene.write("second_secret\n", "secret")
        #expect(await scene.look() == ["info: reloaded changed=upstream"])
        try scene.write("second-token-of-the-phone\n", "token")
        #expect(await scene.look() == ["info: reloaded changed=tokens"])
        try scene.write("third_secret\n", "elsewhere")
        try scene.write(text.replacing("secretFile: secret", with: "secretFile: elsewhere"))
        #expect(await scene.look() == ["info: reloaded changed=upstream"])
        await scene.look()
        try scene.write("fourth_secret\n", "elsewhere")
        #expect(await scene.look() == ["info: reloaded changed=upstream"])
    }

    @Test("finds what has changed between the start and the first look")
    func start() async throws {
        let scene = try ReloadScene()
        try ReloadScene.write(TLSIdentity.throwaway(names: ["new.example"]), scene.folder)
        #expect(await scene.look() == ["info: reloaded changed=certificates"])
    }

    @Test("warns of a certificate's end with a field that a monitor can match")
    func expiry() async throws {
        let scene = try ReloadScene { try ReloadScene.write(TLSIdentity.throwaway(names: ["a.example"], days: 0), $0) }
        let lines = await scene.look()
        #expect(lines.count == 1)
        let end = CivilTime(scene.reloader.state.identities.identities[0].leaf.notAfter).internetText
        #expect(lines.first?.contains("certificate-expires=\(end)") == true, "\(lines)")
    }
}
