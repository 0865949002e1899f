import LoopTimers
import NIOCore

/// Serves HTTP/1.1 on one connection: bytes in, requests to an ``Exchange``, answers out as bytes.
final class HTTP1ServerHandler: ChannelDuplexHandler, ResponseSink, Connection, LoopTimer {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// An answer up to this size, in bytes, is copied behind its head, so that both fit one TLS record and one write.
    private static let largestCopiedBody = 12 * 1024
    /// A larger one goes out in pieces of this size, each when the socket takes it: a caller that does not read makes the
    /// gateway hold the answer, which callers share, and not a second, encrypted copy of it.
    private static let pieceSize = 64 * 1024

    private let resources: HTTPLoopResources
    private let isSecure: Bool
    private let exchange: any Exchange
    private let registry: ConnectionRegistry

    private var deadline: ConnectionDeadline
    private var machine = HTTP1StateMachine()
    private var input = ByteBuffer()

    private var context: ChannelHandlerContext?
    /// What the channel said last; asking it costs more.
    private var isWritable = true
    private var isInputOwned = false
    private var isHead = false
    private var isProcessing = false
    private var isReading = false
    private var isReadHeld = false
    private var outgoing: Outgoing?
    private var unflushedBytes = 0
    var timerPosition = LoopTimerPosition.unset

    /// An answer that is too large to be handed over at once.
    private struct Outgoing {
        var rest: ByteBuffer
        var onLoss: (() -> Void)?
    }

    /// - Parameters:
    ///   - isSecure: whether the connection is TLS.
    ///   - exchange: makes the exchange that is to serve this connection, given where its answers go.
    init(
        resources: HTTPLoopResources,
        registry: ConnectionRegistry,
        timeouts: HTTPTimeouts,
        isSecure: Bool,
        exchange: any Exchange
    ) {
        self.resources = resources
        self.registry = registry
        self.isSecure = isSecure
        self.exchange = exchange
        self.deadline = ConnectionDeadline(timeouts)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isWritable = context.channel.isWritable
        registry.add(self)
        if context.channel.isActive { updateDeadline() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelActive(context: ChannelHandlerContext) {
        updateDeadline()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        var data = unwrapInboundIn(data)
        if input.readableBytes > 0 {
            input.writeBuffer(&data)
        } else {
            input = data
            isInputOwned = false
        }
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        // While an answer is awaited, no more than another head's worth is taken in: what a caller pipelines beyond that
        // stays in its own socket.
        if input.readableBytes < HTTP1Limits.head {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        pump()
        process()
        if !isReading { flush() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Told where it arose; here it only means that the connection is of no further use.
        context.close(promise: nil)
    }

    // MARK: Requests

    /// Takes requests from what has arrived, one after the other, until one has to wait: for the rest of itself, for its
    /// answer, or for the caller to read the answers before. A caller that only asks would fill the memory with answers.
    private func process() {
        guard !isProcessing else { return }
        isProcessing = true
        while context != nil, !isStalled || machine.wait == .end {
            let action = machine.receive(&input)
            if case .none = action { break }
            perform(action)
        }
        isProcessing = false
        keepInput()
        updateDeadline()
        if isReadHeld, input.readableBytes < HTTP1Limits.head {
            isReadHeld = false
            context?.read()
        }
    }

    /// Copies what is left of the input: the buffer it lies in belongs to the event loop and is wanted back.
    private func keepInput() {
        if input.readableBytes == 0 {
            if input.capacity > 0 { input = ByteBuffer() }
            isInputOwned = false
        } else if !isInputOwned {
            var own = ByteBufferAllocator().buffer(capacity: input.readableBytes)
            own.writeBuffer(&input)
            input = own
            isInputOwned = true
        }
    }

    /// Whether the caller has not taken what it was sent.
    private var isStalled: Bool {
        outgoing != nil || !isWritable
    }

    private func perform(_ action: HTTP1StateMachine.Action) {
        switch action {
        case .none:
            break
        case .judge(let request):
            isHead = request.method == .head
            let step = exchange.begin(request, answeringTo: self)
            var wantsBody = false
            if case .readBody = step { wantsBody = true }
            if machine.judged(wantsBody: wantsBody) { sendContinue() }
            perform(step)
        case .deliver(let body):
            perform(exchange.resume(body: body, answeringTo: self))
        case .reject(let error):
            isHead = false
            respond(exchange.response(to: error))
        case .close:
            context?.close(promise: nil)
        }
    }

    private func perform(_ step: ExchangeStep) {
        switch step {
        case .respond(let response): respond(response)
        case .readBody, .wait: break
        }
    }

    // MARK: Answers

    func send(_ response: Response) {
        respond(response)
        process()
        if !isReading { flush() }
    }

    private func sendContinue() {
        guard let context else { return }
        var interim = ByteBuffer()
        interim.writeStaticString(HTTP1ResponseEncoder.continueResponse)
        write(interim, onLoss: nil, context)
    }

    private func respond(_ response: Response) {
        guard let context else {
            response.onLoss?()
            return
        }
        let isLast = machine.answer()
        deadline.answered()
        resources.scratch.clear()
        HTTP1ResponseEncoder.encodeHead(
            of: response,
            connection: isLast ? .close : machine.mustAnnounceKeepAlive ? .keepAlive : .implicit,
            isSecure: isSecure,
            date: resources.date(),
            into: &resources.scratch
        )
        let content = isHead ? 0 : response.body.readableBytes
        exchange.didAnswer(status: response.status, contentLength: content)
        if content <= Self.largestCopiedBody {
            if content > 0 { resources.scratch.writeImmutableBuffer(response.body) }
            write(resources.scratch, onLoss: response.onLoss, context)
            follow(machine.answered())
        } else {
            write(resources.scratch, onLoss: nil, context)
            outgoing = Outgoing(rest: response.body, onLoss: response.onLoss)
            pump()
        }
    }

    private func write(_ buffer: ByteBuffer, onLoss: (() -> Void)?, _ context: ChannelHandlerContext) {
        unflushedBytes += buffer.readableBytes
        if let onLoss {
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenFailure { _ in onLoss() }
            context.write(wrapOutboundOut(buffer), promise: promise)
        } else {
            context.write(wrapOutboundOut(buffer), promise: nil)
        }
        // Otherwise one flush at the end of the turn is enough. But only what is flushed can stall the channel, and a
        // caller can put many requests into one turn.
        if unflushedBytes >= Self.pieceSize { flush() }
    }

    private func flush() {
        unflushedBytes = 0
        context?.flush()
    }

    /// Hands over as much of a large answer as the socket takes.
    private func pump() {
        while let context, isWritable, var answer = outgoing {
            let length = min(answer.rest.readableBytes, Self.pieceSize)
            guard let piece = answer.rest.readSlice(length: length) else { return }
            let isLast = answer.rest.readableBytes == 0
            // Before anything is written: writing can come back here.
            outgoing = isLast ? nil : answer
            deadline.madeProgress(now: context.eventLoop.now)
            write(piece, onLoss: isLast ? answer.onLoss : nil, context)
            flush()
            if isLast { follow(machine.answered()) }
        }
    }

    private func follow(_ sequel: HTTP1StateMachine.Sequel) {
        switch sequel {
        case .next:
            break
        case .close:
            context?.flush()
            context?.close(promise: nil)
        case .lingeringClose:
            context?.flush()
            context?.close(mode: .output, promise: nil)
        }
    }

    // MARK: Time

    private func updateDeadline() {
        guard let context else { return }
        let wait = machine.wait
        guard let fires = deadline.update(for: isStalled && wait != .end ? .write : wait, now: context.eventLoop.now)
        else { return }
        resources.timers.set(self, to: fires)
    }

    func timerFired(now: NIODeadline) {
        guard let context else { return }
        if deadline.timerFired(now: now) {
            if isStalled {
                // The caller takes nothing, so there is no way to tell it anything.
                context.close(promise: nil)
            } else {
                perform(machine.timedOut())
                flush()
            }
        }
        updateDeadline()
    }

    // MARK: End

    func drain() {
        machine.drain()
        deadline.drain()
        updateDeadline()
    }

    func closeNow() {
        context?.close(promise: nil)
    }

    private func end() {
        guard context != nil else { return }
        context = nil
        resources.timers.cancel(self)
        registry.remove(self)
        outgoing?.onLoss?()
        outgoing = nil
        exchange.abandon()
    }
}
