import Foundation
import NIOOpenSSL
import Testing

@testable import ACME

extension PebbleTests {
    @Suite("with a process that is killed")
    struct Kills {
        /// Each certificate has another name, so that none helps another.
        @Test("after any change of a file, the next one gets a certificate, with one order where one was kept")
        func kills() async throws {
            var options = PebbleServer.Options()
            options.nonceReject = 0
            options.authorizationReuse = 0
            let scene = try await PebbleScene(options)
            // The account is there already, so that the steps are those of an order.
            try await scene.verify([.name("first.example.org")], try await scene.keep([.name("first.example.org")]))
            let whole = StoppingFileSystem(after: 100_000)
            let name = Identifier.name("whole.example.org")
            try await scene.verify([name], try await scene.keep([name], files: whole))
            let steps = 100_000 - whole.rest
            #expect(steps > 30)
            for step in stride(from: 0, through: steps, by: 5) {
                let name = Identifier.name("after-\(step).example.org")
                let place = StorePlace(scene.authority, [name])
                let files = StoppingFileSystem(after: step)
                let killed = try await scene.keep([name], files: files) { event in
                    PebbleScene.isEnd(event) || files.isStopped
                }
                let store = CertificateStore(folder: scene.folder)
                let kept = await store.order(in: place)
                let before = await store.certificate(in: place)
                // It is in use, and what is left of its order goes with the next one.
                if before != nil { continue }
                let next = try await scene.keep([name])
                try await scene.verify([name], next)
                let words = "after \(step) of \(steps) steps: \(killed.events) and then \(next.events)"
                if let kept {
                    #expect(next.orders == 0, "\(words)")
                    #expect(next.notes.contains(.resumed(order: kept.url)), "\(words)")
                } else {
                    #expect(next.orders == 1, "\(words)")
                }
            }
        }
    }
}
