import Access
import HTTPServer
import Text

/// The page for browsers. There is no data in it: it asks for a token, and then for the figures as any caller does.
enum PageAnswer {
    /// The page.
    static let page = EmbeddedAnswer(
        PackageResources.page_html,
        .html,
        rules: [.compressed, .negotiated],
        fields: [
            Response.Field(name: "Content-Security-Policy", value: policy(of: PackageResources.page_html)),
            Response.Field(name: "Referrer-Policy", value: "no-referrer"),
        ]
    )

    /// What a browser may do for a page: only the embedded script and style, calls to the gateway, and an icon that is
    /// part of the page, so that the browser requests none.
    static func policy(of page: [UInt8]) -> String {
        let script = source(content(of: "script", in: page))
        let style = source(content(of: "style", in: page))
        return "default-src 'none'; script-src \(script); style-src \(style); connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    /// What stands between the tags of the one element with this name.
    static func content(of element: String, in page: [UInt8]) -> ArraySlice<UInt8> {
        guard let start = page.firstRange(of: Array("<\(element)>".utf8)),
            let end = page[start.upperBound...].firstRange(of: Array("</\(element)>".utf8))
        else { return [] }
        return page[start.upperBound..<end.lowerBound]
    }

    private static func source(_ content: ArraySlice<UInt8>) -> String {
        let digest = content.withUnsafeBytes { TokenHasher().digest(of: $0) }
        return "'sha256-\(Base64.encode(digest.withUnsafeBytes(Array.init)))'"
    }
}

/// What the calls are, for programs: the OpenAPI description that `openapi.json` beside this file holds.
///
/// It is written by hand. The tests hold it to the code, and every answer that they get to it.
enum APIDescription {
    /// The description as it is served.
    static let answer = EmbeddedAnswer(PackageResources.openapi_json, .json)
}
