import Glibc
import NIOConcurrencyHelpers
import NIOCore

/// Reads the events of inotify and reports those about a name that matters.
final class DirectoryEventHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let names: NIOLockedValueBox<[DirectoryWatch.Number: Set<String>]>
    private let whenChanged: @Sendable () -> Void

    init(
        names: NIOLockedValueBox<[DirectoryWatch.Number: Set<String>]>,
        whenChanged: @escaping @Sendable () -> Void
    ) {
        self.names = names
        self.whenChanged = whenChanged
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        var isChange = false
        // The kernel gives whole events: watch, mask, cookie, length, and a name padded with zeros to that length.
        while let (number, mask, _, length) = buffer.readMultipleIntegers(
            endianness: .host,
            as: (Int32, UInt32, UInt32, UInt32).self
        ), let name = buffer.readBytes(length: Int(length)) {
            // After an overflow it is unknown what has been missed.
            if mask & UInt32(IN_Q_OVERFLOW) != 0 || matters(name.prefix { $0 != 0 }, number) { isChange = true }
        }
        if isChange { whenChanged() }
    }

    private func matters(_ name: ArraySlice<UInt8>, _ number: DirectoryWatch.Number) -> Bool {
        names.withLockedValue { $0[number]?.contains(String(decoding: name, as: UTF8.self)) ?? false }
    }
}
