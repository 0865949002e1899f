import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing
import Time

@testable import Gateway
@testable import HTTPServer

@Suite("Until its ledger is open, a gateway clears nothing that the ledger is to count")
struct LedgerOpeningTests {
    private final class NoSink: ResponseSink {
        func send(_ response: Response) {}
    }

    private static let token = "hg_" + String(repeating: "k", count: 43)

    private static func worker(_ ledger: String, scopes: String = "traffic, usage, clear") throws -> Worker {
        let configuration = """
            upstream: {address: 127.0.0.1:1, secret: some_secret}
            \(ConfigurationFixture.certificates)
            ledger: \(ledger)
            tokens: [{name: panel, token: \(token), scopes: [\(scopes)]}]
            """
        return Worker(
            eventLoop: EmbeddedEventLoop(),
            state: try ServingState(
                configuration: try ConfigurationFixture.load(configuration),
                identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])])
            ),
            clock: WallClock { 1_000 },
            accessLog: nil,
            logger: CapturedLog().logger
        )
    }

    /// The status of an answer that needs nobody else; nil where Hysteria or the ledger is asked.
    private static func status(of path: String, _ worker: Worker) throws -> Int? {
        let exchange = APIExchange(context: worker.api, peer: nil)
        let head = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
        let request = try HTTP1HeadParser.parse(ByteBuffer(string: head)).request
        guard case .respond(let response) = exchange.begin(request, answeringTo: NoSink()) else { return nil }
        return response.status.rawValue
    }

    @Test("a view, a clear, a cursor and the history are refused, as something that passes")
    func refuses() throws {
        let worker = try Self.worker("{file: /var/lib/hysteria-gateway/ledger.sqlite}")
        for path in ["/traffic", "/traffic?clear=1", "/traffic?since=0", "/usage"] {
            #expect(try Self.status(of: path, worker) == 503, "\(path)")
        }
    }

    @Test("whoever has no view sees Hysteria's counters meanwhile")
    func withoutView() throws {
        let worker = try Self.worker("{file: /var/lib/hysteria-gateway/ledger.sqlite}", scopes: "traffic")
        #expect(try Self.status(of: "/traffic", worker) == nil)
    }

    @Test("without a ledger in the configuration, Hysteria is asked to clear")
    func withoutLedger() throws {
        #expect(try Self.status(of: "/traffic?clear=1", Self.worker("none")) == nil)
    }
}
