import NIOCore

@testable import Gateway
@testable import HTTPServer

/// What a server makes of the bytes of one connection.
struct Reading: Equatable, CustomStringConvertible {
    /// One request, read to its end.
    struct Message: Equatable {
        var method: String
        var target: String
        var authority: String
        var authorization: String?
        var accept: [String] = []
        var userAgent: String?
        var body: String
        var keepAlive: Bool
    }

    /// How the bytes end.
    enum End: Equatable {
        /// Between two requests.
        case atBoundary
        /// In the middle of a request.
        case within(HTTP1StateMachine.Wait)
        /// With an error of this status.
        case refused(HTTPStatus, String)
        /// Behind a request that was the last by its own will.
        case closed
    }

    var messages: [Message] = []
    var end = End.atBoundary

    /// The status that refuses the bytes; nil where nothing does.
    var refusal: HTTPStatus? {
        if case .refused(let status, _) = end { status } else { nil }
    }

    var description: String {
        messages.map { "\($0.method) \($0.target) @\($0.authority) [\($0.body)] keep=\($0.keepAlive)" }
            .joined(separator: "; ") + " | \(end)"
    }
}

extension Reading {
    /// What ``HTTP1StateMachine`` makes of `segments`, with each request answered as soon as it is complete.
    init(segments: [[UInt8]]) {
        var machine = HTTP1StateMachine()
        var input = ByteBuffer()
        for segment in segments {
            input.writeBytes(segment)
            take(&machine, &input)
            if end != .atBoundary { break }
        }
        if end == .atBoundary, machine.wait != .request { end = .within(machine.wait) }
        // A request whose body cannot be read, or has not come, was never there.
        if messages.last?.body == Message.unread { messages.removeLast() }
    }

    /// The same for bytes that come at once.
    init(_ bytes: [UInt8]) {
        self.init(segments: [bytes])
    }

    /// The same for text.
    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    private mutating func take(_ machine: inout HTTP1StateMachine, _ input: inout ByteBuffer) {
        while true {
            switch machine.receive(&input) {
            case .none:
                return
            case .judge(let request):
                messages.append(Message(request))
                _ = machine.didRoute(wantsBody: true)
            case .deliver(let body):
                messages[messages.count - 1].body = String(buffer: body)
                let isLast = machine.answer()
                messages[messages.count - 1].keepAlive = !isLast
                if machine.answered() != .next {
                    end = .closed
                    return
                }
            case .reject(let error):
                end = .refused(error.status, error.detail)
                return
            case .follow, .close:
                end = .closed
                return
            }
        }
    }
}

extension Reading.Message {
    fileprivate init(_ request: Request) {
        method = request.string(of: request.methodRange)
        target = request.string(of: request.target)
        authority = request.string(of: request.authority)
        authorization = request.fields.authorization.map { request.string(of: $0) }
        accept = ([request.fields.accept].compactMap(\.self) + request.fields.further(.accept)).map {
            request.string(of: $0)
        }
        userAgent = request.fields.userAgent.map { request.string(of: $0) }
        body = Reading.Message.unread
        keepAlive = false
    }

    /// Stands for a body that has not been read to its end.
    fileprivate static let unread = "\u{0}unread"
}
