import COpenSSL

/// The error queue that OpenSSL keeps for each thread.
///
/// Connections share threads, so what one left behind would be taken for another's failure: the queue is emptied before
/// every call into the engine and drained after a failed one.
enum OpenSSLErrorQueue {
    /// Empties the queue. Asking first costs a fifth of clearing, and the queue is nearly always empty.
    @inline(__always)
    static func clear() {
        if ERR_peek_error() != 0 {
            ERR_clear_error()
        }
    }

    /// Takes every error out of the queue, the oldest first.
    static func drain() -> [TLSError.Reason] {
        var reasons: [TLSError.Reason] = []
        while true {
            var data: UnsafePointer<CChar>?
            var flags: CInt = 0
            let code = ERR_get_error_all(nil, nil, nil, &data, &flags)
            guard code != 0 else { return reasons }
            let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
            var detail = ""
            if flags & ERR_TXT_STRING != 0, let data {
                detail = String(cString: data)
            }
            reasons.append(TLSError.Reason(code: UInt(code), text: text, detail: detail))
        }
    }
}
