import NIOCore
import Text

/// Reads the response to one request after another from the bytes of a connection, strictly.
///
/// Lines are parsed where they lie; only one that two reads cut in half is copied. A body that one read brought whole
/// is handed on as a slice. What status a response must have, and what else, its user decides when it gets the head.
package struct ResponseStateMachine {
    package enum Action: Equatable {
        /// More bytes are needed, or none are expected.
        case wait
        /// The head is whole. Whoever wants the body calls `received` again with the bytes that are left, even if there are none.
        case head(ResponseHead)
        /// The response is whole. `reusable` tells whether the connection can take another request.
        case complete(ByteBuffer, reusable: Bool)
        /// There is no usable response, and the connection must be closed.
        case fail(ResponseError)
    }

    private enum State: Equatable {
        /// Nothing was asked; any byte is an error. → statusLine
        case idle
        /// → header
        case statusLine
        /// → statusLine after a 1xx, otherwise a body state
        case header
        /// The head says that there is no body. → idle
        case empty
        /// The head announces a larger body than the limit. → failed
        case oversized
        /// So many bytes are missing. → idle
        case fixed(missing: Int)
        /// The body ends with the connection.
        case untilClose
        /// → chunk, trailer
        case chunkSize
        /// → chunkEnd
        case chunk(missing: Int)
        /// → chunkSize
        case chunkEnd
        /// → idle
        case trailer
        /// No further state.
        case failed
    }

    /// Heads, trailers and chunk size lines are small; a server that sends more is not one that was meant.
    package static let headLimit = 16 * 1024

    private let bodyLimit: Int
    private let keptNames: [StaticString]
    private var state = State.idle
    private var isAnswerToHead = false
    private var head = ResponseHead()
    private var headBytes = 0
    private var partialLine = ByteBuffer()
    /// What came of the body. It stays where the response cannot be used.
    package private(set) var body = ByteBuffer()

    /// Whether any byte of the expected response has come.
    package private(set) var hasBegun = false

    /// Bodies have so many bytes at most. Header lines with the names, which are in lower case, are kept.
    package init(bodyLimit: Int, keeping names: [StaticString] = []) {
        self.bodyLimit = bodyLimit
        keptNames = names
    }

    /// A request was sent; the bytes from here on are its response. One to a HEAD has no body, whatever its head says.
    package mutating func requestSent(isHead: Bool = false) {
        precondition(state == .idle, "one request at a time")
        state = .statusLine
        isAnswerToHead = isHead
        headBytes = 0
        hasBegun = false
    }

    /// Takes bytes that the connection brought.
    package mutating func received(_ buffer: inout ByteBuffer) -> Action {
        switch state {
        case .empty: return completed(finish(), buffer)
        case .oversized: return tooLarge()
        default: break
        }
        if state != .idle { hasBegun = true }
        while buffer.readableBytes > 0 {
            let action: Action
            switch state {
            case .idle: return fail(.malformed(reason: "it came without being asked for"))
            case .failed: return .wait
            case .statusLine, .header, .chunkSize, .chunkEnd, .trailer: action = receivedLine(&buffer)
            case .empty, .oversized:
                preconditionFailure("decided above, and the loop ends with the head that leads there")
            case .fixed(let missing): action = receivedFixed(&buffer, missing)
            case .chunk(let missing): action = receivedChunk(&buffer, missing)
            case .untilClose: action = receivedUntilClose(&buffer)
            }
            if case .wait = action { continue }
            return completed(action, buffer)
        }
        return .wait
    }

    /// The server ended the connection.
    package mutating func ended() -> Action {
        switch state {
        case .idle, .failed: return .wait
        case .empty, .untilClose: return finish()
        case .oversized: return tooLarge()
        default: return fail(.connectionLost)
        }
    }

    /// The response is not what was asked for: nothing more is read of it. What came of the body stays.
    package mutating func refuse() {
        state = .failed
        partialLine = ByteBuffer()
    }

    private mutating func fail(_ error: ResponseError) -> Action {
        refuse()
        return .fail(error)
    }

    private mutating func tooLarge() -> Action {
        fail(.tooLarge(limit: bodyLimit))
    }

    /// Unsolicited bytes mean that the two sides no longer agree on where a response ends.
    private func completed(_ action: Action, _ rest: ByteBuffer) -> Action {
        guard case .complete(let body, let reusable) = action else { return action }
        return .complete(body, reusable: reusable && rest.readableBytes == 0)
    }

    private mutating func finish() -> Action {
        let body = self.body
        let reusable = head.keepsAlive && state != .untilClose
        self.body = ByteBuffer()
        state = .idle
        return .complete(body, reusable: reusable)
    }
}

// MARK: Lines

extension ResponseStateMachine {
    private mutating func receivedLine(_ buffer: inout ByteBuffer) -> Action {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else {
            headBytes += buffer.readableBytes
            guard headBytes <= Self.headLimit else { return headTooLarge() }
            partialLine.writeBuffer(&buffer)
            return .wait
        }
        let length = end - view.startIndex
        headBytes += length + 1
        guard headBytes <= Self.headLimit else { return headTooLarge() }
        let action: Action
        if partialLine.readableBytes == 0 {
            action = buffer.withUnsafeReadableBytes { parse(lineWithCR: $0.prefix(length)) }
        } else {
            var line = ByteBuffer()
            swap(&line, &partialLine)
            buffer.withUnsafeReadableBytes { _ = line.writeBytes($0.prefix(length)) }
            action = line.withUnsafeReadableBytes { parse(lineWithCR: $0[...]) }
        }
        buffer.moveReaderIndex(forwardBy: length + 1)
        return action
    }

    private mutating func parse(lineWithCR bytes: Slice<UnsafeRawBufferPointer>) -> Action {
        guard bytes.last == UInt8(ascii: "\r") else {
            return fail(.malformed(reason: "a line does not end in CR LF"))
        }
        let line = UnsafeRawBufferPointer(rebasing: bytes.dropLast())
        for byte in line where (byte < 0x20 && byte != 0x09) || byte == 0x7f {
            return fail(.malformed(reason: "a line contains a control byte"))
        }
        do {
            switch state {
            case .statusLine:
                head = try ResponseHead(statusLine: line)
                state = .header
            case .header where line.isEmpty:
                return headComplete()
            case .header:
                try head.read(header: line, keeping: keptNames)
            case .chunkSize:
                return self.parse(chunkSize: line)
            case .chunkEnd:
                guard line.isEmpty else {
                    return fail(.malformed(reason: "a chunk is longer than it says"))
                }
                state = .chunkSize
            case .trailer where line.isEmpty:
                return finish()
            default:
                break  // A trailer says nothing that matters here.
            }
        } catch {
            return fail(.malformed(reason: error.reason))
        }
        return .wait
    }

    private mutating func headComplete() -> Action {
        if head.status < 200, head.status != 101 {
            state = .statusLine
            return .wait
        }
        if isAnswerToHead || head.hasNoBody {
            state = .empty
        } else if head.isChunked {
            headBytes = 0
            state = .chunkSize
        } else if let length = head.contentLength {
            state = length > bodyLimit ? .oversized : length == 0 ? .empty : .fixed(missing: length)
        } else {
            // Also behind a 101, which nobody asks for: what comes then is not HTTP, and the connection is not used again.
            state = .untilClose
        }
        return .head(head)
    }

    private mutating func parse(chunkSize line: UnsafeRawBufferPointer) -> Action {
        let digits = UnsafeRawBufferPointer(rebasing: line.prefix { $0 != UInt8(ascii: ";") }).trimmed
        guard let size = digits.hexadecimal else {
            return fail(.malformed(reason: "a chunk size is not a size"))
        }
        guard size <= bodyLimit - body.readableBytes else {
            return tooLarge()
        }
        headBytes = 0
        state = size == 0 ? .trailer : .chunk(missing: size)
        return .wait
    }

    private mutating func headTooLarge() -> Action {
        fail(.malformed(reason: "its head, a chunk size or its trailer is larger than 16 KiB"))
    }
}

// MARK: Bodies

extension ResponseStateMachine {
    private mutating func receivedFixed(_ buffer: inout ByteBuffer, _ missing: Int) -> Action {
        if body.readableBytes == 0, let whole = buffer.readSlice(length: missing) {
            body = whole
            return finish()
        }
        let left = appendToBody(&buffer, missing)
        state = .fixed(missing: left)
        return left == 0 ? finish() : .wait
    }

    private mutating func receivedChunk(_ buffer: inout ByteBuffer, _ missing: Int) -> Action {
        let left = appendToBody(&buffer, missing)
        state = left == 0 ? .chunkEnd : .chunk(missing: left)
        return .wait
    }

    private mutating func receivedUntilClose(_ buffer: inout ByteBuffer) -> Action {
        guard buffer.readableBytes <= bodyLimit - body.readableBytes else {
            return tooLarge()
        }
        body.writeBuffer(&buffer)
        return .wait
    }

    /// Moves up to `missing` bytes and returns how many are still missing.
    private mutating func appendToBody(_ buffer: inout ByteBuffer, _ missing: Int) -> Int {
        if body.readableBytes == 0 {
            // A length is only a promise, and within the limit. Memory that is not written to takes no room; a body that grew would
            // be copied again and again.
            body.reserveCapacity(missing)
        }
        let count = min(missing, buffer.readableBytes)
        buffer.readWithUnsafeReadableBytes { bytes in
            body.writeBytes(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
        }
        return missing - count
    }
}
