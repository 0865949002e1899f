import GatewayConfiguration
import HTTPServer

/// What an answer says to the browser of a caller about pages of other sites (CORS, in the Fetch standard).
///
/// Never that credentials of the browser's own may be used: a page has to know a token and show it.
struct CrossOrigin {
    /// Says nothing: there is no site to say it to.
    static let silent = CrossOrigin(fields: [], isNamed: false, isPreflight: false)

    /// What each answer to the request says.
    let fields: [Response.Field]
    /// Whether the request comes from a page of a site that the operator named.
    let isNamed: Bool
    /// Whether a browser asks what a page may send before it sends that (a CORS-preflight request).
    let isPreflight: Bool

    private init(fields: [Response.Field], isNamed: Bool, isPreflight: Bool) {
        self.fields = fields
        self.isNamed = isNamed
        self.isPreflight = isPreflight
    }

    /// - Parameters:
    ///   - request: nil where it could not be read, and so does not say where it comes from.
    ///   - origins: the sites whose pages may read answers.
    init(_ request: Request?, _ origins: AllowedOrigins) {
        guard !origins.isEmpty else {
            self = .silent
            return
        }
        let origin = request?.fields.origin
        var fields = origins.any ? [Self.anyone] : [Self.vary]
        var isNamed = false
        if let request, let origin, let name = request.withBytes(of: origin, origins.origin) {
            fields.append(Response.Field(name: "Access-Control-Allow-Origin", value: name))
            isNamed = true
        }
        let isAllowed = isNamed || origins.any && origin != nil
        if isAllowed { fields.append(Self.exposed) }
        self.init(
            fields: fields,
            isNamed: isNamed,
            isPreflight: isAllowed && request?.method == .options && request?.fields.asksForMethod == true
        )
    }

    /// The answer to OPTIONS: the methods, and to a browser that asks beforehand what a page may send with them.
    ///
    /// - Parameter allow: the value of `Allow`.
    func options(_ allow: String) -> Response {
        let preflight = isPreflight ? Self.preflightFields(allow: allow) : []
        return Response(status: .noContent, fields: [Response.Field(name: "Allow", value: allow)] + preflight)
    }

    private static func preflightFields(allow: String) -> [Response.Field] {
        [
            Response.Field(name: "Access-Control-Allow-Methods", value: allow),
            Response.Field(
                name: "Access-Control-Allow-Headers",
                value: "Authorization, Content-Type, Idempotency-Key, If-None-Match"
            ),
            // Two hours: the longest that Chromium remembers it.
            Response.Field(name: "Access-Control-Max-Age", value: "7200"),
        ]
    }

    private static let anyone = Response.Field(name: "Access-Control-Allow-Origin", value: "*")
    // Whatever keeps answers must not give one that names an origin to a page of another.
    private static let vary = Response.Field(name: "Vary", value: "Origin")
    private static let exposed = Response.Field(
        name: "Access-Control-Expose-Headers",
        value: "Date, ETag, Link, Retry-After, Subscription-Userinfo"
    )
}
