import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

@Suite("Data")
struct TransferTests {
    @Test(
        "arrives as it was",
        arguments: [TLSVersion.v1_2, .v1_3],
        [0, 1, 16_383, 16_384, 16_385, 300_000, 3_000_000]
    )
    func arrivesAsItWas(version: TLSVersion, size: Int) throws {
        let pair = try BackToBack.connected(server: Fixtures.server(Fixtures.only(version)))
        let sent = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
        pair.server.channel.writeAndFlush(sent, promise: nil)
        try pair.exchange()
        #expect(pair.client.recorder.received == sent)
    }

    @Test("written before the handshake arrives after it")
    func writtenBeforeTheHandshakeArrivesAfterIt() throws {
        let pair = try BackToBack()
        pair.client.send("before active, ")
        try pair.activate()
        pair.client.send("before handshake, ")
        pair.client.channel.write(ByteBuffer(string: "not flushed"), promise: nil)
        try pair.exchange()
        #expect(pair.server.recorder.received == ByteBuffer(string: "before active, before handshake, "))
        pair.client.channel.flush()
        try pair.exchange()
        #expect(pair.server.recorder.received == ByteBuffer(string: "before active, before handshake, not flushed"))
    }

    @Test("small writes share a record and leave in one piece")
    func smallWritesShareARecordAndLeaveInOnePiece() throws {
        let pair = try BackToBack.connected()
        let writes = pair.server.socket.writes
        for text in ["one, ", "two, ", "three"] {
            pair.server.channel.write(ByteBuffer(string: text), promise: nil)
        }
        pair.server.channel.flush()
        #expect(pair.server.socket.writes == writes + 1)
        // Header, content type and tag of one record of TLS 1.3 are 22 bytes.
        let output = try pair.takeOutput(of: pair.server)
        #expect(output.readableBytes == 15 + 22)
        _ = try pair.client.channel.writeInbound(output)
        #expect(pair.client.recorder.received == ByteBuffer(string: "one, two, three"))
    }

    @Test("many writes of many sizes keep their order")
    func manyWritesOfManySizesKeepTheirOrder() throws {
        let pair = try BackToBack.connected()
        var numbers = SeededNumbers(seed: 42)
        var expected = ByteBuffer()
        for _ in 0..<200 {
            let size = Int.random(in: 0...40_000, using: &numbers) >> Int.random(in: 0...12, using: &numbers)
            let part = ByteBuffer(bytes: (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &numbers) })
            expected.writeImmutableBuffer(part)
            pair.server.channel.write(part, promise: nil)
            if Bool.random(using: &numbers) {
                pair.server.channel.flush()
            }
        }
        pair.server.channel.flush()
        try pair.exchange()
        #expect(pair.client.recorder.received == expected)
    }

    @Test("promises of writes come in order and once")
    func promisesOfWritesComeInOrderAndOnce() throws {
        let pair = try BackToBack.connected()
        let completed = Log()
        for (number, size) in [3, 0, 20_000, 0, 0, 400_000, 1].enumerated() {
            let promise = pair.loop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenSuccess { completed.append(number) }
            pair.server.channel.write(ByteBuffer(repeating: 1, count: size), promise: promise)
        }
        #expect(completed.entries.isEmpty)
        pair.server.channel.flush()
        #expect(completed.entries == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test("empty writes send nothing and succeed")
    func emptyWritesSendNothingAndSucceed() throws {
        let pair = try BackToBack.connected()
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.server.channel.writeAndFlush(ByteBuffer(), promise: promise)
        #expect(outcome.succeeded)
        #expect(try pair.takeOutput(of: pair.server).readableBytes == 0)
    }

    @Test("reading many records at once loses nothing")
    func readingManyRecordsAtOnceLosesNothing() throws {
        let pair = try BackToBack.connected()
        for number in 0..<1000 {
            pair.client.send("\(number) ")
        }
        let all = try pair.takeOutput(of: pair.client)
        _ = try pair.server.channel.writeInbound(all)
        #expect(pair.server.recorder.received == ByteBuffer(string: (0..<1000).map { "\($0) " }.joined()))
        #expect(pair.server.recorder.count(of: .readComplete) == 1)
    }

    @Test("what a reader does not keep costs no new storage")
    func whatAReaderDoesNotKeepCostsNoNewStorage() throws {
        let pair = try BackToBack.connected()
        let storages = Log()
        pair.server.recorder.onRead = { _, bytes in
            storages.append(bytes.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) })
        }
        for _ in 0..<5 {
            pair.client.send("same size")
            try pair.exchange()
        }
        #expect(Set(storages.entries).count == 1)
    }

    @Test("what a reader keeps is not overwritten")
    func whatAReaderKeepsIsNotOverwritten() throws {
        let pair = try BackToBack.connected()
        let kept = Kept()
        pair.server.recorder.onRead = { _, bytes in kept.buffers.append(bytes) }
        for text in ["first", "other", "third"] {
            pair.client.send(text)
            try pair.exchange()
        }
        #expect(kept.buffers.map { String(buffer: $0) } == ["first", "other", "third"])
    }

    @Test("what the channel has not sent yet is not overwritten")
    func whatTheChannelHasNotSentYetIsNotOverwritten() throws {
        let pair = try BackToBack.connected()
        pair.server.send("first ")
        let first = try pair.takeOutput(of: pair.server)
        pair.server.send("second")
        let second = try pair.takeOutput(of: pair.server)
        _ = try pair.client.channel.writeInbound(first)
        _ = try pair.client.channel.writeInbound(second)
        #expect(pair.client.recorder.received == ByteBuffer(string: "first second"))
    }

    @Test("answers written while reading leave with one flush")
    func answersWrittenWhileReadingLeaveWithOneFlush() throws {
        let pair = try BackToBack.connected()
        pair.server.recorder.onRead = { context, bytes in context.write(NIOAny(bytes), promise: nil) }
        pair.server.recorder.onEvent = { context, event in
            if event == .readComplete {
                context.flush()
            }
        }
        let flushes = pair.server.socket.flushes
        pair.client.send("question")
        try pair.exchange()
        #expect(pair.server.socket.flushes == flushes + 1)
        #expect(pair.client.recorder.received == ByteBuffer(string: "question"))
    }

    @Test("a write from a failed write fails too")
    func aWriteFromAFailedWriteFailsToo() throws {
        let pair = try BackToBack.connected()
        let channel = pair.server.channel
        let second = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(second)
        let first = pair.loop.makePromise(of: Void.self)
        first.futureResult.assumeIsolated().whenFailure { _ in
            channel.writeAndFlush(ByteBuffer(string: "again"), promise: second)
        }
        channel.write(ByteBuffer(string: "not flushed"), promise: first)
        channel.close(promise: nil)
        try pair.exchange()
        #expect(outcome.error as? ChannelError == .ioOnClosedChannel)
    }

    @Test("demand from the reader reaches the socket and nothing else does")
    func demandFromTheReaderReachesTheSocketAndNothingElseDoes() throws {
        let pair = try BackToBack.connected()
        pair.client.send("data")
        let output = try pair.takeOutput(of: pair.client)
        let reads = pair.server.socket.reads
        _ = try pair.server.channel.writeInbound(output)
        // There was data: whether to read more is the reader's choice, who may be full.
        #expect(pair.server.socket.reads == reads)
        pair.server.channel.read()
        #expect(pair.server.socket.reads == reads + 1)
    }

    @Test("a record in parts is asked for until it is whole")
    func aRecordInPartsIsAskedForUntilItIsWhole() throws {
        let pair = try BackToBack.connected()
        pair.client.send("data")
        var output = try pair.takeOutput(of: pair.client)
        let taken = output.readSlice(length: 7)
        let part = try #require(taken)
        let reads = pair.server.socket.reads
        _ = try pair.server.channel.writeInbound(part)
        #expect(pair.server.socket.reads == reads + 1)
        #expect(pair.server.recorder.received.readableBytes == 0)
        _ = try pair.server.channel.writeInbound(output)
        #expect(pair.server.recorder.received == ByteBuffer(string: "data"))
        #expect(pair.server.socket.reads == reads + 1)
    }

    @Test("reads within a read keep their order")
    func readsWithinAReadKeepTheirOrder() throws {
        let pair = try BackToBack.connected()
        pair.client.send("first ")
        let first = try pair.takeOutput(of: pair.client)
        pair.client.send("second")
        let second = try pair.takeOutput(of: pair.client)
        let channel = pair.server.channel
        var nested = false
        pair.server.recorder.onRead = { _, _ in
            if !nested {
                nested = true
                _ = try? channel.writeInbound(second)
            }
        }
        _ = try channel.writeInbound(first)
        #expect(pair.server.recorder.received == ByteBuffer(string: "first second"))
    }

    @Test("what is written while a large write leaves follows it")
    func whatIsWrittenWhileALargeWriteLeavesFollowsIt() throws {
        let pair = try BackToBack.connected()
        let channel = pair.server.channel
        let large = ByteBuffer(bytes: (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
        let completed = Log()
        for number in 0..<2 {
            let promise = pair.loop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenSuccess { completed.append(number) }
            if number == 0 {
                channel.write(large, promise: promise)
            } else {
                pair.server.socket.afterWrite = { channel.writeAndFlush(ByteBuffer(string: "next"), promise: promise) }
            }
        }
        channel.flush()
        try pair.exchange()
        var expected = large
        expected.writeString("next")
        #expect(pair.client.recorder.received == expected)
        #expect(completed.entries == [0, 1])
    }

    @Test("a close while a large write leaves does not cut it off")
    func aCloseWhileALargeWriteLeavesDoesNotCutItOff() throws {
        let pair = try BackToBack.connected()
        let channel = pair.server.channel
        pair.server.socket.afterWrite = { channel.close(promise: nil) }
        channel.writeAndFlush(ByteBuffer(repeating: 7, count: 1_000_000), promise: nil)
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(repeating: 7, count: 1_000_000))
        #expect(pair.server.recorder.errors.isEmpty && !channel.isActive)
    }

    @Test("a channel that fails while a large write leaves fails it once")
    func aChannelThatFailsWhileALargeWriteLeavesFailsItOnce() throws {
        let pair = try BackToBack.connected()
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.server.socket.afterWrite = { [socket = pair.server.socket] in socket.endInput(halfClosureAllowed: false) }
        pair.server.channel.writeAndFlush(ByteBuffer(repeating: 7, count: 1_000_000), promise: promise)
        #expect(outcome.error != nil)
        #expect(pair.server.recorder.errorKinds == [.uncleanShutdown])
        #expect(!pair.server.channel.isActive)
    }

    @Test("bytes that arrive while the handshake is announced come first")
    func bytesThatArriveWhileTheHandshakeIsAnnouncedComeFirst() throws {
        let pair = try BackToBack()
        try pair.activate()
        _ = try pair.server.channel.writeInbound(pair.takeOutput(of: pair.client))
        _ = try pair.client.channel.writeInbound(pair.takeOutput(of: pair.server))
        let finished = try pair.takeOutput(of: pair.client)
        pair.client.send("first ")
        let first = try pair.takeOutput(of: pair.client)
        pair.client.send("second")
        let second = try pair.takeOutput(of: pair.client)
        let channel = pair.server.channel
        pair.server.recorder.onEvent = { _, event in
            if event == .handshakeCompleted { _ = try? channel.writeInbound(first) }
        }
        _ = try channel.writeInbound(finished)
        #expect(pair.server.recorder.received == ByteBuffer(string: "first "))
        _ = try channel.writeInbound(second)
        #expect(pair.server.recorder.received == ByteBuffer(string: "first second"))
    }
}
