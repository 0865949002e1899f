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
