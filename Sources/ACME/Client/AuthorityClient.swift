import HTTPClient
import NIOCore
import NIOOpenSSL
import NIOPosix

/// A client for an authority's server: https alone, its name or address verified, with limits of time and size.
package struct AuthorityClient: AuthorityTransport {
    /// How long things may take, and how large an answer may be.
    package struct Limits: Sendable {
        package var connect: TimeAmount = .seconds(10)
        /// One request from its connection to the end of its answer.
        package var request: TimeAmount = .seconds(30)
        package var body = 1024 * 1024
        package var redirects = 10

        package init() {}
    }

    /// A file of certificates is far smaller.
    private static let trustLimit = 4 * 1024 * 1024

    private let group: any EventLoopGroup
    private let trust: String?
    private let userAgent: String
    private let limits: Limits

    /// - Parameters:
    ///   - group: Where connections live.
    ///   - trust: A file of certificates that the server is verified by, instead of those that the system trusts. It is read for each
    ///     request, so that a new one counts at once.
    ///   - userAgent: What the client calls itself (RFC 8555, 6.1): an authority may refuse one without a name.
    package init(
        group: any EventLoopGroup,
        trust: String? = nil,
        userAgent: String,
        limits: Limits = Limits()
    ) {
        precondition(userAgent.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "a field of a header is a line")
        self.group = group
        self.trust = trust
        self.userAgent = userAgent
        self.limits = limits
    }

    package func send(_ request: WireRequest) async throws(AuthorityTransportError) -> AuthorityResponse {
        guard var endpoint = AuthorityEndpoint(request.url) else {
            throw AuthorityTransportError("'\(request.url.prefix(200))' is no https URL that a request can be sent to")
        }
        let context = try makeContext()
        for _ in 0...limits.redirects {
            let answer = try await exchange(request, endpoint, context)
            guard request.followsRedirects, [301, 302, 303, 307, 308].contains(answer.status) else { return answer }
            guard let location = answer.location, let next = endpoint.following(location) else {
                throw AuthorityTransportError(
                    "\(endpoint.url) redirects to '\((answer.location ?? "").prefix(200))', which is no https URL"
                )
            }
            endpoint = next
        }
        throw AuthorityTransportError("\(request.url) leads to more than \(limits.redirects) redirects")
    }

    private func makeContext() throws(AuthorityTransportError) -> TLSContext {
        do {
            guard let trust else { return try TLSContext.client() }
            switch RegularFile.read(trust, limit: Self.trustLimit) {
            case .success(let pem):
                return try TLSContext.client(trust: .certificates(TLSCertificate.read(pem: pem, source: trust)))
            case .failure(let error):
                throw AuthorityTransportError(
                    "\(trust), by which the authority is to be verified, cannot be read: \(error)"
                )
            }
        } catch let error as AuthorityTransportError {
            throw error
        } catch {
            throw AuthorityTransportError("the authority cannot be verified: \(error)")
        }
    }

    /// One request and its answer, whatever it is.
    private func exchange(
        _ request: WireRequest,
        _ endpoint: AuthorityEndpoint,
        _ context: TLSContext
    ) async throws(AuthorityTransportError) -> AuthorityResponse {
        let loop = group.next()
        let promise = loop.makePromise(of: AuthorityResponse.self)
        let (connect, limit, bodyLimit) = (limits.connect, limits.request, limits.body)
        let bytes = request.encoded(to: endpoint, userAgent: userAgent)
        let isHead = request.method == .head
        let overdue = loop.scheduleTask(in: limit) {
            promise.fail(AuthorityExchangeError.timedOut(limit))
        }
        promise.futureResult.whenComplete { _ in overdue.cancel() }
        ClientBootstrap(group: loop)
            .connectTimeout(connect)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Whoever gives up, by the time limit or by cancelling, ends the connection.
                    promise.futureResult.assumeIsolated().whenComplete { _ in channel.close(promise: nil) }
                    try channel.pipeline.syncOperations.addHandlers(
                        OpenSSLClientHandler(
                            context: context,
                            serverName: endpoint.host,
                            handshakeTimeout: connect,
                            closeTimeout: .seconds(1)
                        ),
                        AuthorityExchange(bytes, isHead: isHead, bodyLimit: bodyLimit, promise: promise)
                    )
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .whenFailure { promise.fail($0) }
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.fail(CancellationError())
            }
        } catch {
            throw AuthorityTransportError("\(endpoint.url) \(AuthorityExchangeError.words(for: error, connect))")
        }
    }
}
