import NIOCore

/// Marks the place in a pipeline where bytes are what the wire carries.
final class WireHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
}
