import HysteriaStats
import NIOCore
import Text

/// Takes requests out of the bytes of a connection, as leniently and as strictly as Go's `net/http` does.
struct SimulatorRequestParser {
    enum Event {
        /// More bytes are needed.
        case wait
        /// A head. `body` follows when all of it is there.
        case head(SimulatorRequest)
        /// The body that belongs to the last head. It can be cut short by the end of the connection, or be malformed.
        case body([UInt8], BodyEnd)
        /// Not a request: this status is sent and the connection closed.
        case reject(String)
        /// The connection ended between two requests.
        case end
    }

    enum BodyEnd {
        case complete, cut, malformed
    }

    private enum State {
        case head
        case length(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailer
        case rejected
    }

    /// Go's default: 1 MiB, and some slack.
    private static let headLimit = 1024 * 1024 + 4096

    private var state = State.head
    private var bytes = ByteBuffer()
    /// Where the first line starts that is not known to be whole, so that no byte of a head is looked at twice.
    private var lineStart = 0
    private var body: [UInt8] = []
    private var hasEnded = false

    mutating func received(_ buffer: ByteBuffer) {
        var buffer = buffer
        bytes.discardReadBytes()
        bytes.writeBuffer(&buffer)
    }

    /// The client closed its half of the connection.
    mutating func ended() {
        hasEnded = true
    }

    mutating func next() -> Event {
        while true {
            switch state {
            case .rejected:
                return .wait
            case .head:
                return nextHead()
            case .length(let length):
                return nextFixedBody(length)
            case .chunk(let length):
                guard let bytes = self.bytes.readBytes(length: length) else { return incompleteBody() }
                body += bytes
                state = .chunkEnd
            case .chunkSize, .chunkEnd, .trailer:
                guard let line = takeLine() else { return incompleteBody() }
                if let event = take(line: line) { return event }
            }
        }
    }

    private mutating func nextHead() -> Event {
        let view = bytes.readableBytesView
        // A head ends with an empty line, and lines end with LF, with or without CR before it.
        while let end = view[(view.startIndex + lineStart)...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = view[(view.startIndex + lineStart)..<end]
            lineStart = end + 1 - view.startIndex
            if line.isEmpty || line.elementsEqual(CollectionOfOne(UInt8(ascii: "\r"))) {
                guard lineStart <= Self.headLimit else { break }
                let head = bytes.readBytes(length: lineStart) ?? []
                lineStart = 0
                return parse(head)
            }
        }
        if view.count > Self.headLimit { return reject("431 Request Header Fields Too Large") }
        guard hasEnded else { return .wait }
        return view.isEmpty ? .end : reject("400 Bad Request")
    }

    private mutating func parse(_ head: [UInt8]) -> Event {
        switch SimulatorHeadParser.parse(head) {
        case .failure(let rejection):
            return reject(rejection.status)
        case .success(let request):
            body = []
            switch request.framing {
            case .length(let length): state = .length(length)
            case .chunked: state = .chunkSize
            }
            return .head(request)
        }
    }

    private mutating func nextFixedBody(_ length: Int) -> Event {
        if let body = bytes.readBytes(length: length) {
            state = .head
            return .body(body, .complete)
        }
        guard hasEnded else { return .wait }
        state = .head
        return .body(bytes.readBytes(length: bytes.readableBytes) ?? [], .cut)
    }

    private mutating func incompleteBody() -> Event {
        guard hasEnded else { return .wait }
        state = .rejected
        return .body(body, .cut)
    }

    private mutating func take(line: [UInt8]) -> Event? {
        switch state {
        case .chunkSize:
            let digits = line.prefix { $0 != UInt8(ascii: ";") && !$0.isSpaceOrTab }
            guard let size = Array(digits).withUnsafeBytes({ $0.hexadecimal }) else {
                state = .rejected
                return .body(body, .malformed)
            }
            state = size == 0 ? .trailer : .chunk(size)
        case .chunkEnd where line.isEmpty:
            state = .chunkSize
        case .trailer where line.isEmpty:
            state = .head
            return .body(body, .complete)
        case .trailer:
            break
        default:
            state = .rejected
            return .body(body, .malformed)
        }
        return nil
    }

    private mutating func takeLine() -> [UInt8]? {
        let view = bytes.readableBytesView
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var line = bytes.readBytes(length: end - view.startIndex) ?? []
        bytes.moveReaderIndex(forwardBy: 1)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    private mutating func reject(_ status: String) -> Event {
        state = .rejected
        return .reject(status)
    }
}
