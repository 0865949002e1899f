import RequestShapes
import Testing

/// Shapes known from request smuggling, against the built program: what is answered, and what Hysteria is asked.
@Suite(.startsPrograms)
struct RequestShapeTests {
    @Test("every shape gets its answers and Hysteria sees no more than its calls", arguments: 0..<4)
    func everyShapeGetsItsAnswersAndHysteriaSeesNoMoreThanItsCalls(quarter: Int) async throws {
        try await Scene.play { scene in
            for shape in RequestShape.all.enumerated().filter({ $0.offset % 4 == quarter }).map(\.element) {
                let before = await scene.hysteria.requests.count
                let client = try await SocketClient.tls(to: scene.gateway.port)
                try await client.send(shape.text.replacing(RequestShape.placeholder, with: Tokens.all.text))
                let received = try await client.end()
                #expect(Self.statuses(in: received.bytes, of: shape) == shape.statuses, "\(shape): \(received)")
                let calls = await scene.hysteria.requests.dropFirst(before)
                #expect(Array(calls) == shape.calls, "\(shape)")
            }
        }
    }

    private static func statuses(in bytes: [UInt8], of shape: RequestShape) -> [Int] {
        var rest = bytes[...]
        var statuses: [Int] = []
        // Only the first request of a shape can be HEAD, whose answer has no content.
        while let answer = HTTPAnswer(
            takenFrom: &rest,
            isToHead: statuses.isEmpty && shape.text.hasPrefix("HEAD")
        ) {
            statuses.append(answer.status)
        }
        return statuses
    }
}
