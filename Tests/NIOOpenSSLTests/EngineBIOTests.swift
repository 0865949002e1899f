import COpenSSL
import NIOCore
import Testing

@testable import NIOOpenSSL

@Suite("The BIO")
struct EngineBIOTests {
    private var buffers: EngineBuffers { .current }

    @Test("collects writes until they are taken")
    func collectsWritesUntilTheyAreTaken() throws {
        try withBIO { bio in
            #expect(buffers.takeOutput() == nil)
            #expect(BIO_write(bio, "one ", 4) == 4)
            #expect(BIO_write(bio, "two", 3) == 3)
            #expect(buffers.outputCount == 7)
            #expect(buffers.takeOutput() == ByteBuffer(string: "one two"))
            #expect(buffers.takeOutput() == nil)
            #expect(buffers.outputCount == 0)
        }
    }

    @Test("does not touch what was taken and is still held")
    func doesNotTouchWhatWasTakenAndIsStillHeld() throws {
        try withBIO { bio in
            BIO_write(bio, "first", 5)
            let held = buffers.takeOutput()
            BIO_write(bio, "other", 5)
            #expect(held == ByteBuffer(string: "first"))
            #expect(buffers.takeOutput() == ByteBuffer(string: "other"))
        }
    }

    @Test("uses the same storage again once it is let go")
    func usesTheSameStorageAgainOnceItIsLetGo() throws {
        try withBIO { bio in
            BIO_write(bio, "first", 5)
            let first = address(of: buffers.takeOutput())
            BIO_write(bio, "other", 5)
            #expect(address(of: buffers.takeOutput()) == first)
        }
    }

    @Test("does not keep large storage")
    func doesNotKeepLargeStorage() throws {
        try withBIO { bio in
            buffers.reserveOutput(1_000_000)
            BIO_write(bio, "large", 5)
            #expect(buffers.takeOutput()?.capacity ?? 0 >= 1_000_000)
            BIO_write(bio, "small", 5)
            #expect(buffers.takeOutput()?.capacity ?? .max < 100_000)
        }
    }

    @Test("asks for a retry when there is nothing to read")
    func asksForARetryWhenThereIsNothingToRead() throws {
        try withBIO { bio in
            var space = [UInt8](repeating: 0, count: 10)
            #expect(BIO_read(bio, &space, 10) == -1)
            #expect(BIO_test_flags(bio, BIO_FLAGS_SHOULD_RETRY) != 0)
            // The next call clears the flag, whatever it is.
            #expect(BIO_write(bio, "x", 1) == 1)
            #expect(BIO_test_flags(bio, BIO_FLAGS_SHOULD_RETRY) == 0)
            _ = buffers.takeOutput()
        }
    }

    @Test("reads in pieces of any size")
    func readsInPiecesOfAnySize() throws {
        try withBIO { bio in
            let bytes = Array("abcdefg".utf8)
            bytes.withUnsafeBytes { input in
                buffers.input = input
                var space = [UInt8](repeating: 0, count: 4)
                #expect(BIO_read(bio, &space, 4) == 4 && space == Array("abcd".utf8))
                #expect(BIO_read(bio, &space, 4) == 3 && space == Array("efgd".utf8))
                #expect(BIO_read(bio, &space, 4) == -1)
                #expect(buffers.input.isEmpty)
                buffers.input = UnsafeRawBufferPointer(start: nil, count: 0)
            }
        }
    }

    @Test("knows how to flush and nothing else")
    func knowsHowToFlushAndNothingElse() throws {
        try withBIO { bio in
            #expect(BIO_ctrl(bio, BIO_CTRL_FLUSH, 0, nil) == 1)
            for command in [BIO_CTRL_EOF, BIO_CTRL_PENDING, BIO_CTRL_WPENDING, BIO_CTRL_DUP, BIO_CTRL_RESET, 12_345] {
                #expect(BIO_ctrl(bio, command, 0, nil) == 0)
            }
        }
    }

    @Test("cannot read lines")
    func cannotReadLines() throws {
        try withBIO { bio in
            var line = [CChar](repeating: 0, count: 10)
            #expect(BIO_gets(bio, &line, 10) == -2)
        }
    }

    private func withBIO(_ body: (OpaquePointer) throws -> Void) throws {
        let bio = try #require(EngineBIO.make(over: buffers))
        defer { BIO_free(bio) }
        _ = buffers.takeOutput()
        try body(bio)
    }

    private func address(of buffer: ByteBuffer?) -> UnsafeRawPointer? {
        buffer?.withUnsafeReadableBytes { $0.baseAddress }
    }
}
