import Text

/// How a content may travel (RFC 9110, section 8.4.1).
enum ContentCoding: Sendable {
    case identity, gzip
}

/// Which content codings a caller takes, and which of them it likes best (RFC 9110, section 12.5.3).
struct AcceptEncoding {
    /// What the fields come to. Without one, contents go out as they are: most of who says nothing could not unpack them.
    enum Choice: Sendable {
        case identity
        case gzip
        /// Gzip, since the caller refuses contents as they are.
        case gzipOnly
    }

    // Weights in thousandths; nil where the caller says nothing of it.
    private var gzip: Int?
    private var identity: Int?
    private var others: Int?

    /// Takes one `Accept-Encoding` field in; several fields make one list. Unknown codings are passed over.
    mutating func add(_ value: UnsafeRawBufferPointer) {
        WeightedList.forEach(in: value) { name, weight in
            if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
                gzip = weight
            } else if name.equalsIgnoringCase("identity") {
                identity = weight
            } else if name.equals("*") {
                others = weight
            }
        }
    }

    /// The coding to use. Who refuses all that there is gets contents as they are, which is better than nothing.
    var choice: Choice {
        let gzip = gzip ?? others ?? 0
        guard gzip > 0 else { return .identity }
        // Where it is not spoken of, it is acceptable, and any coding that is spoken of is liked better.
        guard let identity = identity ?? others else { return .gzip }
        if identity == 0 { return .gzipOnly }
        return identity > gzip ? .identity : .gzip
    }
}
