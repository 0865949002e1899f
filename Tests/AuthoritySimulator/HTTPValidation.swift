import NIOCore
import NIOHTTP1
import NIOOpenSSL
import NIOPosix

/// Asks for a file (RFC 8555, 8.3), and follows redirects to the two ports that a validation may use.
struct HTTPValidation {
    private let proof: ProofRequest
    private let configuration: AuthoritySimulator.Configuration
    private let eventLoop: any EventLoop

    init(_ proof: ProofRequest, _ configuration: AuthoritySimulator.Configuration, on eventLoop: any EventLoop) {
        self.proof = proof
        self.configuration = configuration
        self.eventLoop = eventLoop
    }

    func run(at address: String) -> EventLoopFuture<SimulatedProblem?> {
        let host = proof.identifier.contains(":") ? "[\(proof.identifier)]" : proof.identifier
        let first = HTTPPlace(isSecure: false, host: host, path: "/.well-known/acme-challenge/\(proof.token)")
        return ask(first, at: address, redirectsLeft: 10)
    }

    private func ask(_ place: HTTPPlace, at address: String, redirectsLeft: Int) -> EventLoopFuture<SimulatedProblem?> {
        get(place, at: address).flatMap { answer in
            guard (300..<400).contains(answer.status), let location = answer.location else {
                return eventLoop.makeSucceededFuture(judge(answer, at: address))
            }
            guard redirectsLeft > 0, let next = HTTPPlace(location, from: place) else {
                return eventLoop.makeSucceededFuture(.unauthorized("\(address): a redirect leads to '\(location)'"))
            }
            let name = next.host.hasPrefix("[") ? String(next.host.dropFirst().dropLast()) : next.host
            let address = AddressText.bytes(of: name) == nil ? configuration.resolve(name) : name
            guard let address else {
                return eventLoop.makeSucceededFuture(
                    SimulatedProblem("dns", "DNS problem: NXDOMAIN looking up A for \(name)")
                )
            }
            return ask(next, at: address, redirectsLeft: redirectsLeft - 1)
        }.flatMapError { error in
            eventLoop.makeSucceededFuture(
                SimulatedProblem("connection", "\(address): Fetching \(place): \(error)", status: 400)
            )
        }
    }

    private func judge(_ answer: HTTPProofHandler.Answer, at address: String) -> SimulatedProblem? {
        guard answer.status == 200 else {
            return .unauthorized("\(address): Invalid response: \(answer.status)")
        }
        guard answer.body == Array(proof.keyAuthorization.utf8) else {
            let shown = String(decoding: answer.body.prefix(100), as: UTF8.self)
            return .unauthorized("\(address): The key authorization file from the server did not match: '\(shown)'")
        }
        return nil
    }

    private func get(_ place: HTTPPlace, at address: String) -> EventLoopFuture<HTTPProofHandler.Answer> {
        let answer = eventLoop.makePromise(of: HTTPProofHandler.Answer.self)
        let connected = ClientBootstrap(group: eventLoop)
            .connectTimeout(configuration.validationTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if place.isSecure {
                        // Nobody verifies behind a redirect: it is the certificate that is still to come.
                        let context = try TLSContext.client(trust: .unverified)
                        try channel.pipeline.syncOperations.addHandler(
                            OpenSSLClientHandler(context: context, serverName: place.host)
                        )
                    }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(HTTPProofHandler(place, answer))
                }
            }
            .connect(host: address, port: place.isSecure ? configuration.tlsPort : configuration.httpPort)
        connected.whenFailure { answer.fail($0) }
        connected.whenSuccess { channel in
            let timeout = eventLoop.scheduleTask(in: configuration.validationTimeout) {
                answer.fail(ChannelError.connectTimeout(configuration.validationTimeout))
            }
            answer.futureResult.whenComplete { _ in
                timeout.cancel()
                channel.close(promise: nil)
            }
        }
        return answer.futureResult
    }
}

/// Where a file is asked for: at one of the two ports that stand for 80 and 443.
struct HTTPPlace: CustomStringConvertible, Sendable {
    let isSecure: Bool
    /// An address of IPv6 in brackets.
    let host: String
    let path: String

    init(isSecure: Bool, host: String, path: String) {
        self.isSecure = isSecure
        self.host = host
        self.path = path
    }

    /// Where a redirect leads; nil where no authority follows it.
    init?(_ location: String, from place: HTTPPlace) {
        guard !location.hasPrefix("/") else {
            self.init(isSecure: place.isSecure, host: place.host, path: location)
            return
        }
        let scheme = location.hasPrefix("https://") ? "https://" : "http://"
        guard location.hasPrefix(scheme) else { return nil }
        let rest = location.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        var host = authority
        if let colon = authority.lastIndex(of: ":"), authority[colon...].allSatisfy({ $0 != "]" }) {
            guard authority[colon...] == (scheme == "https://" ? ":443" : ":80") else { return nil }
            host = authority[..<colon]
        }
        let path = rest.dropFirst(authority.count)
        self.init(isSecure: scheme == "https://", host: String(host), path: path.isEmpty ? "/" : String(path))
    }

    var description: String { "\(isSecure ? "https" : "http")://\(host)\(path)" }
}

/// Sends one request and keeps the answer to it.
private final class HTTPProofHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    struct Answer: Sendable {
        var status = 0
        var location: String?
        var body: [UInt8] = []
    }

    private let place: HTTPPlace
    private let promise: EventLoopPromise<Answer>
    private var answer = Answer()

    init(_ place: HTTPPlace, _ promise: EventLoopPromise<Answer>) {
        self.place = place
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: place.path)
        head.headers = [
            "Host": place.host, "User-Agent": "simulated validation", "Accept": "*/*", "Connection": "close",
        ]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
            answer.location = head.headers.first(name: "Location")
        case .body(let body):
            answer.body += body.readableBytesView.prefix(1024)
        case .end:
            promise.succeed(answer)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}
