import LoopTimers
import NIOCore
import NIOOpenSSL

/// Serves HTTP/1.1 on one connection: bytes in, requests to an ``Exchange``, answers out as bytes.
final class HTTP1ServerHandler: ChannelDuplexHandler, ResponseSink, Connection, LoopTimer {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// An answer up to this size, in bytes, is copied after its head, so that both fit one TLS record and one write.
    private static let largestCopiedBody = 12 * 1024
    /// A larger one goes out in pieces of this size, each when the socket takes it: a caller that does not read makes the
    /// gateway hold the answer, which callers share, and not a second, encrypted copy of it.
    private static let pieceSize = 64 * 1024

    private let resources: HTTPLoopResources
    private let isSecure: Bool
    private let lingers: Bool
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
    /// Whether the rest of an answer waits for other connections to have their turn.
    private var awaitsTurn = false
    /// Whether the connection is to be closed as soon as everything has left.
    private var isLeaving = false
    private var isInputEnded = false
    var timerPosition = LoopTimerPosition.unset

    /// An answer that is too large to be handed over at once.
    private struct Outgoing {
        var rest: ByteBuffer
        var delivery: Delivery
    }

    /// - Parameters:
    ///   - isSecure: whether the connection is TLS.
    ///   - lingers: whether a close has to wait for the caller's, which a channel with TLS does by itself. To close a socket
    ///     whose input was not read to its end is to reset the connection, and the last answer with it.
    ///   - exchange: serves this connection.
    init(
        resources: HTTPLoopResources,
        registry: ConnectionRegistry,
        timeouts: HTTPTimeouts,
        isSecure: Bool,
        lingers: Bool = false,
        exchange: any Exchange
    ) {
        self.resources = resources
        self.registry = registry
        self.isSecure = isSecure
        self.lingers = lingers
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
            // Otherwise what has been taken from its front would be kept for as long as the caller is ahead of its answers.
            if input.writableBytes < data.readableBytes { input.discardReadBytes() }
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
        goOn()
        context.fireChannelWritabilityChanged()
    }

    private func goOn() {
        pump()
        process()
        if !isReading { flush() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event, !isInputEnded {
            isInputEnded = true
            input.clear()
            perform(machine.inputEnded())
            flush()
            updateDeadline()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.closeUnlessInputEnded(by: error)
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

    /// How much memory unprocessed input takes, in bytes.
    var inputCapacity: Int { input.capacity }

    /// Whether the caller has not taken what it was sent.
    private var isStalled: Bool {
        outgoing != nil || !isWritable || isLeaving
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
            if machine.didRoute(wantsBody: wantsBody) { sendContinue() }
            perform(step)
        case .deliver(let body):
            perform(exchange.resume(body: body, answeringTo: self))
        case .reject(let error):
            isHead = false
            respond(exchange.response(to: error))
        case .follow(let sequel):
            follow(sequel)
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
        write(interim, Delivery(), context)
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
        let report = exchange.didAnswer(status: response.status, contentLength: content)
        let delivery = Delivery(watch: response.watch, report: report)
        if content <= Self.largestCopiedBody {
            if content > 0 { resources.scratch.writeImmutableBuffer(response.body) }
            write(resources.scratch, delivery, context)
            follow(machine.answered())
        } else {
            write(resources.scratch, Delivery(), context)
            outgoing = Outgoing(rest: response.body, delivery: delivery)
            pump()
        }
    }

    private func write(_ buffer: ByteBuffer, _ delivery: Delivery, _ context: ChannelHandlerContext) {
        unflushedBytes += buffer.readableBytes
        if delivery.isUnwatched {
            context.write(wrapOutboundOut(buffer), promise: nil)
        } else {
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenComplete { [channel = context.channel] in
                delivery.written(isLost: $0.isLost, to: channel)
            }
            context.write(wrapOutboundOut(buffer), promise: promise)
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
        while let context, isWritable, !awaitsTurn, var answer = outgoing {
            guard resources.output.isOpen else {
                awaitsTurn = true
                return resources.output.wait(self)
            }
            let length = min(answer.rest.readableBytes, Self.pieceSize)
            guard let piece = answer.rest.readSlice(length: length) else { return }
            let isLast = answer.rest.readableBytes == 0
            // Before anything is written: writing can come back here.
            outgoing = isLast ? nil : answer
            deadline.madeProgress(now: context.eventLoop.now)
            write(piece, isLast ? answer.delivery : Delivery(), context)
            resources.output.sent(length)
            flush()
            if isLast { follow(machine.answered()) }
        }
    }

    private func follow(_ sequel: HTTP1StateMachine.AfterResponse) {
        switch sequel {
        case .next: break
        case .close: leave(.all)
        case .lingeringClose: leave(isInputEnded ? .all : .output)
        }
    }

    /// Closes the connection after everything that was written. A caller that takes its last answer slowly has the same
    /// time for it as for any other.
    private func leave(_ mode: CloseMode) {
        guard let context, !isLeaving else { return }
        flush()
        // The usual case, which needs no promise.
        let unsent = try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
        guard unsent != 0 else { return close(mode) }
        isLeaving = true
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            isLeaving = false
            close(mode)
        }
        context.write(wrapOutboundOut(ByteBuffer()), promise: promise)
        flush()
    }

    private func close(_ mode: CloseMode) {
        guard let context else { return }
        context.close(mode: lingers && !isInputEnded ? .output : mode, promise: nil)
        updateDeadline()
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
                // The caller reads nothing, so no answer can reach it.
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
        outgoing?.delivery.end(isLost: true)
        outgoing = nil
        exchange.abandon()
    }
}

extension HTTP1ServerHandler: OutputWaiter {
    func outputMayGoOn() {
        awaitsTurn = false
        goOn()
    }
}

extension Result<Void, any Error> {
    /// Whether what was written did not leave.
    var isLost: Bool {
        if case .failure = self { true } else { false }
    }
}
