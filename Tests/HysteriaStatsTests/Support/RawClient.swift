import NIOCore
import NIOPosix

/// A client that sends bytes as they are and collects what comes until the server closes.
enum RawClient {
    /// One response as it came.
    struct Response: Sendable {
        var status: String
        var headers: [String]
        var body: String

        func header(_ name: String) -> String? {
            let prefix = name.lowercased() + ": "
            return headers.first { $0.lowercased().hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }

        var length: Int? {
            header("Content-Length").flatMap { Int($0) }
        }
    }

    /// Sends bytes, ends the sending half if asked to, and returns everything up to the server's close.
    static func exchange(_ bytes: [UInt8], port: Int, halfClose: Bool = false) async throws -> String {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = eventLoop.makePromise(of: String.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Collector(promise: promise))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .get()
        } catch {
            promise.fail(error)
            throw error
        }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        if halfClose { channel.close(mode: .output, promise: nil) }
        return try await promise.futureResult.get()
    }

    /// Splits what came into responses.
    static func responses(in text: String, firstHasNoBody: Bool = false) -> [Response] {
        var rest = Array(text.utf8)[...]
        var responses: [Response] = []
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(
                String.init
            )
            var response = Response(
                status: String((lines.first ?? "").dropFirst("HTTP/1.1 ".count)),
                headers: Array(lines.dropFirst()),
                body: ""
            )
            rest = rest[end.upperBound...]
            if firstHasNoBody, responses.isEmpty {
                // The answer to a HEAD.
            } else if let length = response.length {
                response.body = String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            } else if response.header("Transfer-Encoding") != nil {
                while let line = rest.firstRange(of: [13, 10]),
                    let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16)
                {
                    response.body += String(decoding: rest[line.upperBound...].prefix(size), as: UTF8.self)
                    rest = rest[line.upperBound...].dropFirst(size + 2)
                    if size == 0 { break }
                }
            } else if !response.status.hasPrefix("100") {
                response.body = String(decoding: rest, as: UTF8.self)
                rest = []
            }
            responses.append(response)
        }
        return responses
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let promise: EventLoopPromise<String>
        private var bytes = ByteBuffer()

        init(promise: EventLoopPromise<String>) {
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = Self.unwrapInboundIn(data)
            bytes.writeBuffer(&buffer)
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise.succeed(String(buffer: bytes))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
