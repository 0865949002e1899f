import Access
import HTTPServer
import NIOCore

/// The state of a request in flight, which an exchange drops as a whole.
///
/// A class: what a request goes through sees and changes it in place.
final class PendingRequest {
    /// When its head was complete.
    let began: NIODeadline
    /// What the access log says of it; nil where there is none.
    let record: AccessRecord?
    /// What its answer says to browsers about pages of other sites.
    let origin: CrossOrigin
    /// What it is counted under; nil for an unknown path.
    var route: Route?
    /// The form that its answer is to have, a refusal included.
    var format = AnswerFormat.json
    /// How its answer is to travel.
    var wishes: AnswerWishes
    /// Who asks; nil while that is not known.
    var caller: Caller?
    /// What its endpoint gets of it; nil for what is no call.
    var call: EndpointCall?
    /// What Hysteria is asked for it; nil while it is not.
    var asked: UpstreamCall?
    /// Where the answer goes that is waited for; nil if none is, or if the caller has left.
    var sink: (any ResponseSink)?

    init(_ request: Request, _ context: LoopContext) {
        began = context.uptime()
        record = context.accessLog == nil ? nil : AccessRecord(request, context.redaction)
        origin = CrossOrigin(request, context.origins)
        wishes = AnswerWishes(request)
    }
}
