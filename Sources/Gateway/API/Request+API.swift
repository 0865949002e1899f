import HTTPServer
import Text

/// What the calls want to know of a request.
extension Request {
    /// The target, percent-decoded once.
    func decodedTarget() -> Result<RequestTarget, RequestTarget.ParsingError> {
        withBytes(of: target) { bytes in
            do throws(RequestTarget.ParsingError) {
                return .success(try RequestTarget(bytes))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The form that the `Accept` fields prefer.
    func preferredFormat(default standard: AnswerFormat) -> AnswerFormat {
        acceptHeader?.choice(default: standard) ?? standard
    }

    /// Whether the `Accept` fields prefer the page for browsers, where there is one.
    var prefersPage: Bool { acceptHeader?.prefersPage ?? false }

    private var acceptHeader: AcceptHeader? {
        guard let accept = fields.accept else { return nil }
        var header = AcceptHeader()
        forEachValue(of: .accept, from: accept) { header.add($0) }
        return header
    }

    /// The name in the authority, without port and brackets, in lower case; nil if it is none.
    var host: String? {
        let authority = string(of: authority).lowercased()
        let isBracketed = authority.hasPrefix("[")
        guard
            let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        else { return nil }
        let host = authority[..<end].dropFirst(isBracketed ? 1 : 0)
        let port = authority[end...].dropFirst(isBracketed ? 1 : 0)
        guard !host.isEmpty, port.isEmpty || port.first == ":", port.dropFirst().allSatisfy(\.isNumber) else {
            return nil
        }
        return String(host)
    }

    /// Whether this is `OPTIONS *`: what the server as a whole can do.
    var asksForServerOptions: Bool {
        method == .options && withBytes(of: target) { $0.equals("*") }
    }
}
