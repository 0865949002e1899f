import NIOCore

@testable import Gateway
@testable import HTTPServer

/// A state machine with its input, and with actions as words.
final class HeldMachine {
    private var machine = HTTP1StateMachine()
    private var input = ByteBuffer()

    var wait: HTTP1StateMachine.Wait { machine.wait }
    var mustAnnounceKeepAlive: Bool { machine.mustAnnounceKeepAlive }
    var waitingBytes: Int { input.readableBytes }

    func receive(_ text: String) -> String {
        input.writeString(text)
        return Self.label(machine.receive(&input))
    }

    func didRoute(wantsBody: Bool) -> Bool { machine.didRoute(wantsBody: wantsBody) }
    func answer() -> Bool { machine.answer() }
    func answered() -> HTTP1StateMachine.AfterResponse { machine.answered() }
    func timedOut() -> String { Self.label(machine.timedOut()) }
    func drain() { machine.drain() }

    private static func label(_ action: HTTP1StateMachine.Action) -> String {
        switch action {
        case .none: "none"
        case .judge(let request): "judge \(request.string(of: request.target))"
        case .deliver(let body): "deliver \(String(buffer: body))"
        case .reject(let error): "reject \(error.status.rawValue)"
        case .close, .follow(.close): "close"
        case .follow(.lingeringClose): "lingering close"
        case .follow(.next): "next"
        }
    }
}
