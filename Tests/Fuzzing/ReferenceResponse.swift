import NIOCore
import NIOEmbedded
import NIOHTTP1

/// What NIOHTTP1's decoder, which is llhttp, makes of the response to one GET.
struct ReferenceResponse {
    private(set) var status: UInt?
    private(set) var body: [UInt8] = []
    /// Whether the connection stays open behind it.
    private(set) var isKept = false
    /// Whether the bytes up to its end were refused.
    private(set) var isRefused = true

    init(_ bytes: [UInt8]) {
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes))
        let channel = EmbeddedChannel(handler: decoder)
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        _ = try? channel.writeOutbound(HTTPClientRequestPart.head(request))
        _ = try? channel.writeOutbound(HTTPClientRequestPart.end(nil))
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        _ = try? channel.finish(acceptAlreadyClosed: true)
        while isRefused, let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head):
                status = head.status.code
                isKept = head.isKeepAlive
            case .body(let piece): body += Array(buffer: piece)
            case .end: isRefused = false
            }
        }
    }
}
