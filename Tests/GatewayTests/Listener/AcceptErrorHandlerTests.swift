import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing
import Time

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Errors of accept")
struct AcceptErrorHandlerTests {
    /// A listening channel whose accepts fail as a test says.
    private final class Bench {
        let channel: EmbeddedChannel
        let worker: Worker
        let log = CapturedLog()

        init() throws {
            let loop = EmbeddedEventLoop()
            channel = EmbeddedChannel(loop: loop)
            let state = try ServingState(
                configuration: try ConfigurationFixture.load(ConfigurationFixture.minimal),
                identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])])
            )
            worker = Worker(
                eventLoop: loop,
                state: state,
                clock: WallClock { 1_000 },
                accessLog: nil,
                logger: log.logger
            )
            let limiter = NIOLockedValueBox(LogLimiter())
            try channel.pipeline.syncOperations.addHandler(AcceptErrorHandler(worker: worker, limiter: limiter))
        }

        func fail(_ code: CInt) {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        }

        /// Whether connections are accepted.
        var reads: Bool {
            let option = channel.options.first { $0.option is ChannelOptions.Types.AutoReadOption }
            return option?.value as? Bool ?? true
        }
    }

    @Test("that would repeat pause the socket for a moment, however many there are")
    func pause() throws {
        let bench = try Bench()
        #expect(bench.reads)
        bench.fail(ENFILE)
        bench.fail(ENFILE)
        #expect(!bench.reads)
        bench.channel.embeddedEventLoop.advanceTime(by: AcceptErrorHandler.rest)
        #expect(bench.reads)
        #expect(bench.worker.api.counters.acceptFailures == ["descriptors": 2])
    }

    @Test(
        "of one connection are counted, and neither pause the socket nor fill the log",
        arguments: [ECONNABORTED, EPROTO]
    )
    func oneConnection(code: CInt) throws {
        let bench = try Bench()
        bench.fail(code)
        #expect(bench.reads)
        #expect(bench.log.lines == [])
        #expect(bench.worker.api.counters.acceptFailures.values.reduce(0, +) == 1)
    }

    @Test(
        "are told once a second, with what to do",
        arguments: [
            (EMFILE, "LimitNOFILE in the systemd unit"), (ENFILE, "sysctl fs.file-max"),
            (EPERM, "a firewall or a security module"), (ENOMEM, "cannot accept connections"),
        ]
    )
    func words(code: CInt, advice: String) throws {
        let bench = try Bench()
        bench.fail(code)
        bench.fail(code)
        #expect(bench.log.lines.count == 1)
        #expect(bench.log.lines.first?.contains(advice) == true)
    }
}
