import HysteriaStats
import NIOCore

/// What the connections of a simulator share. It belongs to the simulator's one event loop.
final class SimulatorCore {
    let router: SimulatorRouter
    let now: @Sendable () -> Int64
    var hysteria: SimulatedHysteria
    var fault: SimulatorFault?
    /// `METHOD target` of every request whose head was read.
    var requests: [String] = []
    var connections: [ObjectIdentifier: any Channel] = [:]

    init(_ configuration: HysteriaSimulator.Configuration) {
        router = SimulatorRouter(secret: configuration.secret)
        now = configuration.now
        hysteria = SimulatedHysteria(
            users: configuration.users,
            seed: configuration.seed,
            now: configuration.now()
        )
    }

    /// The fault, unless it is one that keeps the request from having its effect.
    func answer(
        _ request: SimulatorRequest,
        body: [UInt8],
        end: SimulatorRequestParser.BodyEnd
    ) -> SimulatorResponse {
        if case .status(let status) = fault {
            return .error("\(status) Simulated", "a simulated fault")
        }
        let now = self.now()
        hysteria.advance(to: now)
        var response = router.answer(request, body: body, end: end, hysteria: &hysteria, now: now)
        switch fault {
        case .large(let bytes):
            var body = ByteBuffer(string: "{\"")
            body.writeRepeatingByte(UInt8(ascii: "a"), count: max(0, bytes))
            body.writeString("\":{\"tx\":1,\"rx\":1}}")
            response = .json(body)
        case .body(let bytes):
            response = .json(ByteBuffer(bytes: bytes))
        case .notJSON:
            response = .json(ByteBuffer(string: "<html>This is not JSON.</html>"))
        default:
            break
        }
        return response
    }

    var httpDate: String {
        SimulatorTime(nanosecondsSince1970: now()).httpDate
    }
}
