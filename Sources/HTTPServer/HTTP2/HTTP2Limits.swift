/// How much one HTTP/2 connection may take, in bytes where nothing else is said.
enum HTTP2Limits {
    /// Requests at once. RFC 9113, section 6.5.2, recommends no less.
    static let concurrentStreams = 100
    /// The fields of one request, uncompressed, each with 32 bytes for its upkeep (RFC 9113, section 6.5.2).
    static let headerList = HTTP1Limits.head
    /// A header list of this size was compressed to do harm. The connection ends, with the table it was compressed by.
    static let hostileHeaderList = 4 * headerList
    /// The content of a request.
    static let body = HTTP1Limits.body
    /// How much of a request is read and discarded after its answer. A caller that is interrupted may not read the
    /// answer (curl before 8.0 does not), so a few are worth it to let it finish.
    static let declinedBody = 4 * body
    /// The bodies of all concurrent requests together: an honest caller's are small and do not come all at once.
    static let bodies = 4 * body
    /// CONTINUATION frames after one HEADERS. The first frame alone holds a header list of the greatest size.
    static let continuations = 8
    /// Answers to PING and SETTINGS that wait for a caller who does not read.
    static let unsentAcknowledgements = 64
    /// A DATA frame below this size is counted as one without a purpose.
    static let smallData = 256
    /// A DATA frame from this size on is worth a few WINDOW_UPDATEs of the caller.
    static let largeData = 1024

    /// Requests that end without having been answered, by the caller's doing: a browser that leaves a page gives up all
    /// that is in progress, at once.
    static let unanswered = HTTP2Budget.Size(burst: 2 * concurrentStreams, perSecond: 10)
    /// Frames that bring neither a request nor a part of one: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, RST_STREAM and the
    /// like.
    static let overhead = HTTP2Budget.Size(burst: 1000, perSecond: 50)
    /// What an answered request, or a large piece of an answer, gives back of that.
    static let overheadEarned = 4
}

/// What only an abusive client does. Its connection ends with ENHANCE_YOUR_CALM.
package enum HTTP2Abuse: ConnectionAbuse, CaseIterable {
    /// Requests given up as fast as they are made (CVE-2023-44487), or made so that they have to be refused.
    case unansweredRequests
    /// PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA and the like without an end.
    case overhead
    /// Acknowledgements asked for and not read (CVE-2019-9512, CVE-2019-9515).
    case unreadAcknowledgements
    /// CONTINUATION without an end (CVE-2024-28182).
    case continuations
    /// Few bytes that stand for many (an HPACK bomb, CVE-2016-1544).
    case headerList

    /// For a log line.
    var name: StaticString {
        switch self {
        case .unansweredRequests: "too many requests were given up"
        case .overhead: "too many frames without a request"
        case .unreadAcknowledgements: "too many acknowledgements are not read"
        case .continuations: "too many CONTINUATION frames"
        case .headerList: "a header list is far too large"
        }
    }

    /// For a label of metrics.
    package var label: String {
        switch self {
        case .unansweredRequests: "unanswered-requests"
        case .overhead: "overhead"
        case .unreadAcknowledgements: "unread-acknowledgements"
        case .continuations: "continuations"
        case .headerList: "header-list"
        }
    }
}
