@testable import Gateway

/// A request target: to encode a byte of its path changes nothing, and to encode it twice finds no route.
struct RequestTargetTarget: FuzzTarget {
    let name = "target"

    let longest = 128
    let words =
        [
            "/", "?", "&", "=", "%", "+", "#", "%2F", "%3F", "%26", "%3D", "%25", "%00", "%zz", "%c3%bc",
            "/favicon.ico", "clear=1", "clear=true", "clear=0", "format=json", "format=text", "1", "true", "t", "T",
            "TRUE", "True", "..", "//",
        ] + Endpoints.all.map(\.path.description) + RequestTarget.Parameter.allCases.map(\.rawValue)

    var seeds: [[UInt8]] {
        [
            "/", "/traffic", "/traffic?clear=1", "/%74raffic?%63lear=%31", "/dump/streams?format=text&x=+y", "/kick?",
            "?format=json", "", "/traffic?clear=0&clear=1", "/%zz", "/%2", "/traffic%3Fclear=1", "/healthz?&&=&clear",
        ].map { Array($0.utf8) }
    }

    private enum Outcome: Equatable {
        case failure(RequestTarget.ParsingError)
        case target(Route?, clears: Bool, AnswerFormat?)
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let plain = outcome(input)
        let mark = input.firstIndex(of: UInt8(ascii: "?")) ?? input.count
        var encoded: [UInt8] = []
        var index = 0
        while index < mark {
            // What is encoded stays as it is, and what only looks like it as well.
            let isEscape = input[index] == UInt8(ascii: "%")
            encoded +=
                isEscape ? [input[index]] + input[(index + 1)..<min(index + 3, mark)] : Self.escaped(input[index])
            index += isEscape ? 3 : 1
        }
        encoded += input[mark...]
        let other = encoded.withUnsafeBytes { outcome($0) }
        require(other == plain, "\(plain), encoded: \(other)")
        if case .target(.none, let clears, _) = plain {
            require(!clears || mark < input.count, "clears without a query")
        }
    }

    private func outcome(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        do {
            let target = try RequestTarget(bytes)
            return .target(target.route, clears: target.clears, target.format)
        } catch {
            return .failure(error)
        }
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
