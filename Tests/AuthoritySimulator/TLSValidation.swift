import COpenSSL
import NIOCore
import NIOOpenSSL
import NIOPosix

/// Asks for a certificate by a handshake (RFC 8737, 3), and compares it byte by byte.
struct TLSValidation {
    private let proof: ProofRequest
    private let configuration: AuthoritySimulator.Configuration
    private let eventLoop: any EventLoop

    init(_ proof: ProofRequest, _ configuration: AuthoritySimulator.Configuration, on eventLoop: any EventLoop) {
        self.proof = proof
        self.configuration = configuration
        self.eventLoop = eventLoop
    }

    func run(at address: String) -> EventLoopFuture<SimulatedProblem?> {
        let handshake = eventLoop.makePromise(of: TLSProofHandler.Found.self)
        let name = AddressText.bytes(of: proof.identifier).map(AddressText.reverseName) ?? proof.identifier
        let connected = ClientBootstrap(group: eventLoop)
            .connectTimeout(configuration.validationTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let context = try TLSContext.client(
                        trust: .unverified,
                        configuration: .intermediate(applicationProtocols: ["acme-tls/1"])
                    )
                    try channel.pipeline.syncOperations.addHandlers(
                        OpenSSLClientHandler(context: context, serverName: name),
                        TLSProofHandler(handshake)
                    )
                }
            }
            .connect(host: address, port: configuration.tlsPort)
        connected.whenFailure { handshake.fail($0) }
        connected.whenSuccess { channel in
            let timeout = eventLoop.scheduleTask(in: configuration.validationTimeout) {
                handshake.fail(ChannelError.connectTimeout(configuration.validationTimeout))
            }
            handshake.futureResult.whenComplete { _ in
                timeout.cancel()
                channel.close(promise: nil)
            }
        }
        return handshake.futureResult
            .map { found in judge(found, at: address) }
            .flatMapErrorThrowing { error in
                SimulatedProblem(error is TLSError ? "tls" : "connection", "\(address): \(error)")
            }
    }

    private func judge(_ found: TLSProofHandler.Found, at address: String) -> SimulatedProblem? {
        func wrong(_ what: String) -> SimulatedProblem {
            .unauthorized("\(address): Incorrect validation certificate for tls-alpn-01 challenge: \(what)")
        }
        guard found.applicationProtocol == "acme-tls/1" else {
            return wrong("Cannot negotiate ALPN protocol \"acme-tls/1\"")
        }
        guard let certificate = ProofCertificate(der: found.certificate) else { return wrong("it cannot be read") }
        guard certificate.isSelfSigned else { return wrong("it is not self-signed") }
        let name: [UInt8]
        if let bytes = AddressText.bytes(of: proof.identifier) {
            name = DERBytes.value(0x87, bytes)
        } else {
            name = DERBytes.value(0x82, Array(proof.identifier.utf8))
        }
        // Further ones are no fault to Let's Encrypt either; lego has four.
        guard !certificate.hasExtensionTwice else { return wrong("it has an extension twice") }
        guard let names = certificate.extensions["2.5.29.17"], names.value == DERBytes.value(0x30, name) else {
            return wrong("its alternative names are not '\(proof.identifier)' alone")
        }
        let digest = DERBytes.value(0x04, Digest.sha256(Array(proof.keyAuthorization.utf8)))
        guard let identifier = certificate.extensions["1.3.6.1.5.5.7.1.31"], identifier.isCritical else {
            return wrong("it has no critical extension id-pe-acmeIdentifier")
        }
        guard identifier.value == digest else { return wrong("the digest is not that of the key authorization") }
        return nil
    }
}

/// What a certificate has that proves something.
struct ProofCertificate {
    /// The DER within the extensions, by their object identifiers.
    private(set) var extensions: [String: (isCritical: Bool, value: [UInt8])] = [:]
    private(set) var hasExtensionTwice = false
    let isSelfSigned: Bool

    init?(der: [UInt8]) {
        defer { ERR_clear_error() }
        let certificate = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        guard let certificate else { return nil }
        defer { X509_free(certificate) }
        isSelfSigned =
            X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0
            && X509_verify(certificate, X509_get0_pubkey(certificate)) == 1
        for index in 0..<max(0, X509_get_ext_count(certificate)) {
            let found = X509_get_ext(certificate, index)
            var name = [CChar](repeating: 0, count: 128)
            OBJ_obj2txt(&name, CInt(name.count), X509_EXTENSION_get_object(found), 1)
            let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let data = X509_EXTENSION_get_data(found)
            let value = Array(
                UnsafeBufferPointer(start: ASN1_STRING_get0_data(data), count: Int(ASN1_STRING_length(data)))
            )
            hasExtensionTwice = hasExtensionTwice || extensions[text] != nil
            extensions[text] = (X509_EXTENSION_get_critical(found) == 1, value)
        }
    }
}

/// Waits for the end of a handshake.
private final class TLSProofHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    struct Found: Sendable {
        let applicationProtocol: String?
        let certificate: [UInt8]
    }

    private let promise: EventLoopPromise<Found>

    init(_ promise: EventLoopPromise<Found>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandshakeCompleted {
            promise.succeed(
                Found(
                    applicationProtocol: event.applicationProtocol,
                    certificate: event.peerCertificate?.certificate.der ?? []
                )
            )
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}
