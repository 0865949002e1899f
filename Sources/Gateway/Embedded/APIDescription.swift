import HTTPServer

/// What the calls are, for programs: the OpenAPI description that `openapi.json` beside this file holds.
///
/// It is written by hand. The tests hold it to the code, and every answer that they get to it.
enum APIDescription {
    /// The description as it is served.
    static let answer = EmbeddedAnswer(PackageResources.openapi_json, .json)
}
