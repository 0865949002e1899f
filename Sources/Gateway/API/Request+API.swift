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
        withBytes(of: accept) { header.add($0) }
        for range in fields.furtherAccept { withBytes(of: range) { header.add($0) } }
        return header
    }

    /// Whether this is `OPTIONS *`: what the server as a whole can do.
    var asksForServerOptions: Bool {
        method == .options && withBytes(of: target) { $0.equals("*") }
    }
}
