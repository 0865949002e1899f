import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

@Suite("The handshake")
struct HandshakeTests {
    @Test("tells what was agreed on", arguments: [TLSVersion.v1_2, .v1_3])
    func tellsWhatWasAgreedOn(version: TLSVersion) throws {
        let pair = try BackToBack.connected(client: Fixtures.client(Fixtures.only(version)))
        for end in [pair.server, pair.client] {
            let handshake = try #require(end.recorder.handshake)
            #expect(handshake.version == version)
            #expect(handshake.applicationProtocol == nil)
            #expect(handshake.isResumed == false)
            #expect(handshake.cipher.description.contains("AES128") || handshake.cipher.description.contains("AES_128"))
        }
        #expect(pair.server.recorder.handshake?.serverName == "localhost")
    }

    @Test("comes before any data")
    func comesBeforeAnyData() throws {
        let pair = try BackToBack.connected()
        pair.client.send("hello")
        try pair.exchange()
        #expect(pair.server.recorder.events == [.active, .handshakeCompleted, .read(5), .readComplete])
        #expect(pair.client.recorder.events == [.active, .handshakeCompleted])
    }

    @Test("works one byte at a time in both directions", arguments: [TLSVersion.v1_2, .v1_3])
    func worksOneByteAtATimeInBothDirections(version: TLSVersion) throws {
        let pair = try BackToBack(server: Fixtures.server(Fixtures.only(version)))
        pair.pieceSize = 1
        try pair.activate()
        try pair.exchange()
        pair.client.send("question")
        pair.server.send("answer")
        try pair.exchange()
        #expect(pair.server.recorder.received == ByteBuffer(string: "question"))
        #expect(pair.client.recorder.received == ByteBuffer(string: "answer"))
    }

    @Test("begins when added to an active channel")
    func beginsWhenAddedToAnActiveChannel() throws {
        let socket = SocketEnd()
        let channel = EmbeddedChannel(handler: socket)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        let tls = try OpenSSLClientHandler(context: Fixtures.client(), serverName: "localhost")
        try channel.pipeline.syncOperations.addHandler(tls)
        #expect(try channel.readOutbound(as: ByteBuffer.self)?.readableBytes ?? 0 > 100)
        socket.endInput(halfClosureAllowed: false)
    }

    @Test("plaintext in the segment of finished is delivered")
    func plaintextInTheSegmentOfFinishedIsDelivered() throws {
        let pair = try BackToBack()
        pair.client.recorder.onEvent = { context, event in
            if event == .handshakeCompleted {
                context.writeAndFlush(NIOAny(ByteBuffer(string: "early")), promise: nil)
            }
        }
        try pair.activate()
        _ = try pair.server.channel.writeInbound(pair.takeOutput(of: pair.client))
        _ = try pair.client.channel.writeInbound(pair.takeOutput(of: pair.server))
        let finishedAndData = try pair.takeOutput(of: pair.client)
        _ = try pair.server.channel.writeInbound(finishedAndData)
        #expect(pair.server.recorder.events == [.active, .handshakeCompleted, .read(5), .readComplete])
    }

    @Test("times out when nothing comes")
    func timesOutWhenNothingComes() throws {
        let pair = try BackToBack(handshakeTimeout: .seconds(3))
        try pair.server.activate()
        pair.loop.advanceTime(by: .milliseconds(2999))
        #expect(pair.server.channel.isActive)
        pair.loop.advanceTime(by: .milliseconds(1))
        #expect(pair.server.recorder.events == [.active, .error(.handshakeTimedOut), .inactive])
    }

    @Test("times out when it stops half way")
    func timesOutWhenItStopsHalfWay() throws {
        let pair = try BackToBack(handshakeTimeout: .seconds(3))
        try pair.activate()
        var hello = try pair.takeOutput(of: pair.client)
        let taken = hello.readSlice(length: hello.readableBytes / 2)
        let half = try #require(taken)
        _ = try pair.server.channel.writeInbound(half)
        pair.loop.advanceTime(by: .seconds(3))
        #expect(pair.server.recorder.errorKinds == [.handshakeTimedOut])
        #expect(!pair.server.channel.isActive)
    }

    @Test("its timeout ends with it")
    func itsTimeoutEndsWithIt() throws {
        let pair = try BackToBack.connected()
        pair.loop.advanceTime(by: .hours(1))
        #expect(pair.server.channel.isActive)
        #expect(pair.client.channel.isActive)
    }

    @Test("an end of stream fails it")
    func anEndOfStreamFailsIt() throws {
        let pair = try BackToBack()
        try pair.activate()
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.client.channel.writeAndFlush(ByteBuffer(string: "never sent"), promise: promise)
        pair.client.socket.endInput(halfClosureAllowed: false)
        #expect(pair.client.recorder.events == [.active, .error(.handshakeFailed), .inactive])
        #expect((outcome.error as? TLSError)?.kind == .handshakeFailed)
    }

    @Test("an end of the input alone fails it too")
    func anEndOfTheInputAloneFailsItToo() throws {
        let pair = try BackToBack(halfClosure: true)
        try pair.activate()
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.client.channel.close(mode: .output, promise: promise)
        pair.client.socket.endInput(halfClosureAllowed: true)
        #expect(pair.client.recorder.events == [.active, .error(.handshakeFailed), .inactive])
        #expect(outcome.error != nil)
    }

    @Test(
        "plain HTTP is called by its name",
        arguments: [
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST /kick HTTP/1.0\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n",
        ]
    )
    func plainHTTPIsCalledByItsName(request: String) throws {
        let pair = try BackToBack()
        try pair.server.activate()
        _ = try? pair.server.channel.writeInbound(ByteBuffer(string: request))
        #expect(pair.server.recorder.events == [.active, .error(.plainText), .inactive])
        #expect("\(pair.server.recorder.errors[0])".contains("plain HTTP"))
    }

    @Test("gibberish is refused with open SS ls reason")
    func gibberishIsRefusedWithOpenSSLsReason() throws {
        let pair = try BackToBack()
        try pair.server.activate()
        _ = try? pair.server.channel.writeInbound(ByteBuffer(repeating: 0x5A, count: 200))
        let error = try #require(pair.server.recorder.errors.first as? TLSError)
        #expect(error.kind == .handshakeFailed)
        #expect(!error.reasons.isEmpty)
        #expect(!pair.server.channel.isActive)
    }

    @Test("a name that is not in the certificate is refused")
    func aNameThatIsNotInTheCertificateIsRefused() throws {
        let other = try TLSIdentity.throwaway(names: ["other.example"])
        let pair = try BackToBack.connected(
            server: .server(identity: other),
            client: .client(trust: .certificates([other.leaf]))
        )
        #expect(pair.client.recorder.errorKinds == [.verificationFailed])
        #expect("\(pair.client.recorder.errors[0])".lowercased().contains("hostname mismatch"))
        #expect(pair.server.recorder.errorKinds == [.handshakeFailed])
        #expect(!pair.client.channel.isActive && !pair.server.channel.isActive)
    }

    @Test("an unknown authority is refused unless nobody asks")
    func anUnknownAuthorityIsRefusedUnlessNobodyAsks() throws {
        let other = try TLSIdentity.throwaway(names: ["localhost"])
        let refused = try BackToBack.connected(server: .server(identity: other))
        #expect(refused.client.recorder.errorKinds == [.verificationFailed])
        let accepted = try BackToBack.connected(server: .server(identity: other), client: .client(trust: .unverified))
        #expect(accepted.client.recorder.events == [.active, .handshakeCompleted])
    }

    @Test("its output leaves in one write and one flush")
    func itsOutputLeavesInOneWriteAndOneFlush() throws {
        let pair = try BackToBack()
        try pair.activate()
        _ = try pair.server.channel.writeInbound(pair.takeOutput(of: pair.client))
        #expect(pair.server.socket.writes == 1)
        #expect(pair.server.socket.flushes == 1)
    }

    @Test("a reader that paused need not ask again for its first data")
    func aReaderThatPausedNeedNotAskAgainForItsFirstData() throws {
        let pair = try BackToBack()
        try pair.activate()
        let readsBefore = pair.server.socket.reads
        _ = try pair.server.channel.writeInbound(pair.takeOutput(of: pair.client))
        #expect(pair.server.socket.reads == readsBefore + 1)
    }
}
