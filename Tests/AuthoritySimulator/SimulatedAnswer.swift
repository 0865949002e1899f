import JSON
import NIOCore

/// An answer of the simulator, before the connection writes it.
struct SimulatedAnswer {
    var status = 200
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()

    init(status: Int = 200, _ headers: [(String, String)] = []) {
        self.status = status
        self.headers = headers.map { (name: $0.0, value: $0.1) }
    }

    init(_ json: JSONValue, status: Int = 200, _ headers: [(String, String)] = []) {
        self.init(status: status, headers + [("Content-Type", "application/json")])
        body = json.encoded
    }

    init(_ problem: SimulatedProblem, now: Int64) {
        self.init(status: problem.status, [("Content-Type", "application/problem+json")])
        body = problem.json.encoded
        add(problem.retryAfter, now: now)
    }

    init(status: Int, contentType: String, body: String) {
        self.init(status: status, [("Content-Type", contentType)])
        self.body = ByteBuffer(string: body)
    }

    mutating func add(_ form: RetryAfterForm, now: Int64) {
        guard let text = form.text(now: now) else { return }
        headers.append(("Retry-After", text))
    }
}
