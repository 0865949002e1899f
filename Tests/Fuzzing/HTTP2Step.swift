/// One thing that happens to an HTTP/2 connection.
enum HTTP2Step {
    /// The caller sends a frame.
    case frame(HTTP2Frame)
    /// So many seconds pass.
    case time(Int64)
    /// The socket takes no more, or more again.
    case writable(Bool)
    /// One of the requests that wait gets its answer.
    case answer(Int)
    /// The gateway is about to end.
    case drain

    /// Reads what an input says. Any bytes say something: a frame is its kind, flags, stream and length, a byte each, and
    /// as many bytes of payload as there are; what begins with 128 or more is one of the other steps, with a byte behind it.
    static func read(_ input: [UInt8]) -> [HTTP2Step] {
        var steps: [HTTP2Step] = []
        var rest = input[...]
        while let first = rest.popFirst() {
            switch first {
            case 0x80: steps.append(.time(Int64(rest.popFirst() ?? 0)))
            case 0x81: steps.append(.writable((rest.popFirst() ?? 1) & 1 == 1))
            case 0x82: steps.append(.answer(Int(rest.popFirst() ?? 0)))
            case 0x83: steps.append(.drain)
            default:
                let flags = rest.popFirst() ?? 0
                let stream = UInt32(rest.popFirst() ?? 0)
                let length = Int(rest.popFirst() ?? 0)
                let payload = Array(rest.prefix(length))
                rest = rest.dropFirst(payload.count)
                steps.append(.frame(HTTP2Frame(kind: first & 0x7F, flags: flags, stream: stream, payload: payload)))
            }
        }
        return steps
    }

    /// An input that says these frames.
    static func steps(_ frames: HTTP2Frame...) -> [UInt8] {
        frames.flatMap { [$0.kind, $0.flags, UInt8($0.stream), UInt8($0.payload.count)] + $0.payload }
    }
}
