import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import Gateway
@testable import HTTPServer

/// What NIOHTTP1's decoder, which is llhttp, makes of the bytes of one connection.
struct ReferenceReading {
    /// The requests that are complete.
    var messages: [Reading.Message] = []
    /// Why it stopped; nil where it did not.
    var error: HTTPParserError?
    /// Whether the connection turns to another protocol behind the last request, as far as this decoder is concerned.
    var isUpgrade = false

    init(_ bytes: [UInt8]) {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldCount = HTTP1Limits.head
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
        } catch {
            self.error = error as? HTTPParserError
        }
        var head: HTTPRequestHead?
        var body = ByteBuffer()
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let new):
                head = new
                body.clear()
            case .body(var piece):
                body.writeBuffer(&piece)
            case .end:
                guard let head else { continue }
                messages.append(Reading.Message(head, body: String(buffer: body)))
                isUpgrade = head.headers.contains(name: "upgrade")
            }
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}

extension Reading.Message {
    fileprivate init(_ head: HTTPRequestHead, body: String) {
        let (authority, target) = Self.parts(of: head.uri)
        let field = { (name: String) in head.headers.first(name: name)?.withoutBlanks }
        self.init(
            // NIOHTTP1 writes this one without its hyphen.
            method: head.method == .MSEARCH ? "M-SEARCH" : head.method.rawValue,
            target: target,
            authority: authority ?? field("host") ?? "",
            authorization: field("authorization"),
            accept: head.headers["accept"].map(\.withoutBlanks),
            userAgent: field("user-agent"),
            body: body,
            keepAlive: head.isKeepAlive
        )
    }

    /// Takes an absolute form apart, which the reference leaves to its user.
    private static func parts(of uri: String) -> (authority: String?, target: String) {
        guard let scheme = ["http://", "https://"].first(where: { uri.lowercased().hasPrefix($0) }) else {
            return (nil, uri)
        }
        let rest = uri.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        return (String(rest[..<end]), String(rest[end...]))
    }
}

extension String {
    /// A field value without the tabs that the reference leaves at its end.
    fileprivate var withoutBlanks: String {
        var text = self[...]
        while text.last == "\t" || text.last == " " { text.removeLast() }
        return String(text)
    }
}
