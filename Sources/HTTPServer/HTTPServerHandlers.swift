import NIOCore
import NIOOpenSSL

/// The channel handlers that serve a connection, one for each version of HTTP. They come last in its pipeline.
package enum HTTPServerHandlers {
    /// Serves HTTP/1.1 and 1.0.
    ///
    /// - Parameters:
    ///   - isSecure: Whether the connection is TLS.
    ///   - lingers: Whether a close has to wait for the caller's, which a channel with TLS does by itself.
    ///   - exchange: What serves this connection.
    package static func http1(
        resources: HTTPLoopResources,
        registry: ConnectionRegistry,
        timeouts: HTTPTimeouts,
        isSecure: Bool,
        lingers: Bool = false,
        exchange: any Exchange
    ) -> any ChannelHandler {
        HTTP1ServerHandler(
            resources: resources,
            registry: registry,
            timeouts: timeouts,
            isSecure: isSecure,
            lingers: lingers,
            exchange: exchange
        )
    }

    /// Serves HTTP/2.
    ///
    /// - Parameters:
    ///   - peerCertificate: The certificate that the caller sent in the handshake.
    ///   - makeExchange: Makes one of the exchanges that are to serve this connection.
    package static func http2(
        resources: HTTPLoopResources,
        registry: ConnectionRegistry,
        timeouts: HTTPTimeouts,
        eventLoop: any EventLoop,
        peerCertificate: TLSPeerCertificate?,
        makeExchange: @escaping () -> any Exchange
    ) -> any ChannelHandler {
        HTTP2ServerHandler(
            resources: resources,
            registry: registry,
            timeouts: timeouts,
            eventLoop: eventLoop,
            peerCertificate: peerCertificate,
            makeExchange: makeExchange
        )
    }
}

extension Request {
    /// The request of HTTP/1.1 in these bytes, if its whole head is there and can be read.
    package init?(wholeHeadIn bytes: ByteBuffer) {
        let end = bytes.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
        guard let end, let head = bytes.getSlice(at: bytes.readerIndex, length: end - bytes.readerIndex),
            let parsed = try? HTTP1HeadParser.parse(head)
        else { return nil }
        self = parsed.request
    }
}

extension Response {
    /// The answer as HTTP/1.1 has it on a connection without TLS that ends with it.
    ///
    /// - Parameter isHead: Whether the answer has no content.
    package func lastBytes(isHead: Bool, date: [UInt8]) -> ByteBuffer {
        var bytes = ByteBuffer()
        HTTP1ResponseEncoder.encodeHead(of: self, connection: .close, isSecure: false, date: date, into: &bytes)
        if !isHead { bytes.writeImmutableBuffer(body) }
        return bytes
    }
}
