@testable import Gateway

/// The answers in the bytes that a caller has got.
struct DeliveryReading {
    /// The statuses of those that are complete, in their order.
    private(set) var statuses: [Int] = []

    init(_ bytes: [UInt8], _ way: DeliverySequence.Way) {
        if way == .http2 { readFrames(bytes[...]) } else { readAnswers(bytes[...]) }
    }

    private mutating func readAnswers(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            rest = rest[end.upperBound...]
            let status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
            if status < 200 { continue }
            let field = lines.first { $0.hasPrefix("Content-Length: ") }
            let length = field.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
            guard rest.count >= length else { return }
            rest = rest.dropFirst(length)
            statuses.append(status)
        }
    }

    private mutating func readFrames(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        var open: [UInt32: Int] = [:]
        let decoder = HeaderDecoder()
        while let frame = HTTP2Frame(takenFrom: &rest) {
            if frame.kind == HTTP2Frame.Kind.headers {
                let status = decoder.decode(frame.payload).first.flatMap { Int($0.dropFirst(":status: ".count)) }
                if let status, status >= 200 { open[frame.stream] = status }
            }
            if frame.endsStream, let status = open.removeValue(forKey: frame.stream) { statuses.append(status) }
        }
    }
}
