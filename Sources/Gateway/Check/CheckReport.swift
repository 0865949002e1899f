import JSON
import NIOCore

/// All that a check found.
package struct CheckReport: Sendable {
    private let configuration: String
    private let results: [CheckResult]

    /// - Parameter configuration: the file, as it was named.
    package init(configuration: String, results: [CheckResult]) {
        self.configuration = configuration
        self.results = results
    }

    /// How many results have this verdict.
    package func count(of verdict: CheckResult.Verdict) -> Int {
        results.count { $0.verdict == verdict }
    }

    /// A line for each result, and one that counts them.
    package func text(hasColours: Bool) -> String {
        (results.map { $0.text(hasColour: hasColours) } + [summary]).joined(separator: "\n")
    }

    /// One object, on one line.
    package var json: String {
        var text = ByteBuffer()
        text.writeStaticString("{\"configuration\":")
        text.writeJSONString(configuration)
        text.writeStaticString(",\"results\":[")
        for (index, result) in results.enumerated() {
            text.writeString("\(index == 0 ? "" : ","){\"verdict\":\"\(result.verdict)\",\"message\":")
            text.writeJSONString(result.words)
            text.writeStaticString("}")
        }
        let counts = [("ok", CheckResult.Verdict.ok), ("warnings", .warning), ("failures", .failure)]
        text.writeStaticString("]")
        for (name, verdict) in counts { text.writeString(",\"\(name)\":\(count(of: verdict))") }
        text.writeStaticString("}")
        return String(buffer: text)
    }

    private var summary: String {
        let words = { (number: Int, one: String) in
            "\(number == 0 ? "no" : "\(number)") \(one)\(number == 1 ? "" : "s")"
        }
        let failures = words(count(of: .failure), "failure")
        return "\(failures), \(words(count(of: .warning), "warning")), \(count(of: .ok)) ok"
    }
}

extension CheckResult {
    /// The verdict and the words, aligned with those of other results.
    fileprivate func text(hasColour: Bool) -> String {
        let label = verdict.rawValue
        let space = String(repeating: " ", count: 9 - label.utf8.count)
        return hasColour ? "\u{1B}[\(verdict.colour)m\(label)\u{1B}[0m\(space)\(words)" : "\(label)\(space)\(words)"
    }
}

extension CheckResult.Verdict {
    /// Green, yellow and red (ECMA-48, SGR).
    fileprivate var colour: Int {
        switch self {
        case .ok: 32
        case .warning: 33
        case .failure: 31
        }
    }
}
