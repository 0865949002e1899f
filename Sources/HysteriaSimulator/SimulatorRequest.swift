import HysteriaStats

/// The head of a request to the simulator.
struct SimulatorRequest {
    enum Framing: Equatable {
        case length(Int)
        case chunked
    }

    var method: [UInt8]
    var target: [UInt8]
    var url: SimulatorURL
    var isHTTP10: Bool
    /// An HTTP/2 preface, answered once and closed.
    var isPreface = false
    /// Names in lower case.
    var headers: [(name: String, value: [UInt8])] = []
    var framing = Framing.length(0)

    /// The first value of a header.
    func header(_ name: String) -> [UInt8]? {
        headers.first { $0.name == name }?.value
    }

    /// Whether the client wants or allows another request on the connection.
    var keepsAlive: Bool {
        guard !isPreface else { return false }
        let options = headers.filter { $0.name == "connection" }.flatMap { header in
            header.value.split(separator: UInt8(ascii: ",")).map {
                String(decoding: $0, as: UTF8.self).lowercased().split(separator: " ").joined()
            }
        }
        if options.contains("close") { return false }
        return !isHTTP10 || options.contains("keep-alive")
    }

    /// Whether the client waits for `100 Continue` before it sends the body.
    var awaitsContinue: Bool {
        !isHTTP10 && expectation == "100-continue" && framing != .length(0)
    }

    /// The value of `Expect` in lower case.
    var expectation: String? {
        header("expect").map { String(decoding: $0, as: UTF8.self).lowercased() }
    }
}
