import CNGHTTP2

/// The functions that libnghttp2 calls: each finds the ``HTTP2Connection`` that the ``HTTP2Session`` belongs to, and tells it in Swift's terms.
///
/// There are a dozen calls for each request. None of them retains the session or the connection, which outlive the call of libnghttp2 that they
/// come from: counting references for them took a twelfth of a request's CPU time.
enum HTTP2SessionCallbacks {
    /// Sets them all.
    static func set(_ callbacks: OpaquePointer?) {
        setReceiving(callbacks)
        nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, _, header, count, source, context in
            guard let header, let source = source?.pointee.ptr else { return stop }
            return withSession(context) { session in
                // The library would go on with the next frame by itself.
                guard !session.isFull else { return CInt(NGHTTP2_ERR_WOULDBLOCK.rawValue) }
                let head = UnsafeRawBufferPointer(start: header, count: HTTP2FrameHeader.size)
                session.write(frameHeader: head, HTTP2StreamKey(source), count: count)
                return goOn
            }
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { raw, frame, context in
            guard let frame else { return goOn }
            let head = HTTP2FrameHeader(header(frame))
            guard head.kind == .headers, head.endsStream, let key = key(raw, head.stream) else { return goOn }
            return withConnection(context, otherwise: goOn) { connection in
                connection.answerEnded(key)
                return goOn
            }
        }
        nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, code, context in
            guard let frame, header(frame).type == UInt8(NGHTTP2_HEADERS.rawValue) else { return goOn }
            switch nghttp2_error(rawValue: code) {
            // The stream or the connection has ended meanwhile, and nobody waits for the answer.
            case NGHTTP2_ERR_STREAM_CLOSED, NGHTTP2_ERR_STREAM_CLOSING, NGHTTP2_ERR_SESSION_CLOSING: return goOn
            default:
                return withSession(context) { session in
                    session.check(code, "sending HEADERS")
                    return goOn
                }
            }
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { raw, id, code, context in
            guard let key = key(raw, id) else { return goOn }
            nghttp2_session_set_stream_user_data(raw, id, nil)
            return withConnection(context, otherwise: goOn) { connection in
                connection.streamClosed(key, isRegular: code == HTTP2ErrorCode.noError.rawValue)
                return goOn
            }
        }
    }

    private static func setReceiving(_ callbacks: OpaquePointer?) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { raw, frame, context in
            guard let frame else { return stop }
            return withConnection(context) { connection in
                guard frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST else {
                    connection.trailersBegan()
                    return goOn
                }
                let id = header(frame).stream_id
                let key = connection.streamOpened(id: id)
                return nghttp2_session_set_stream_user_data(raw, id, key.pointer) == 0 ? goOn : stop
            }
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _,
            frame,
            name,
            nameLength,
            value,
            valueLength,
            _,
            context in
            guard let frame else { return stop }
            return withConnection(context) { connection in
                let isGoingOn = connection.field(
                    name: UnsafeRawBufferPointer(start: name, count: nameLength),
                    value: UnsafeRawBufferPointer(start: value, count: valueLength),
                    isTrailer: frame.pointee.headers.cat != NGHTTP2_HCAT_REQUEST
                )
                return isGoingOn ? goOn : stop
            }
        }
        nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) { _, _, _, _, _, _, _, context in
            withConnection(context, otherwise: goOn) { connection in
                connection.invalidField()
                return goOn
            }
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { raw, _, id, bytes, count, context in
            guard let key = key(raw, id) else { return goOn }
            return withConnection(context, otherwise: goOn) { connection in
                connection.bodyArrived(UnsafeRawBufferPointer(start: bytes, count: count), on: key)
                return goOn
            }
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { raw, frame, context in
            guard let frame else { return stop }
            return withConnection(context) { connection in
                let head = header(frame)
                let summary = HTTP2FrameHeader(head)
                switch summary.kind {
                case .headers where frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST:
                    guard let key = key(raw, head.stream_id) else { return goOn }
                    connection.headEnded(key, isComplete: summary.endsStream)
                case .headers, .data:
                    guard summary.endsStream, let key = key(raw, head.stream_id) else { return goOn }
                    connection.requestEnded(key)
                case .ping where head.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0:
                    connection.pingAnswered()
                case .ping, .priority, .reset, .continuation, nil:
                    break
                }
                return goOn
            }
        }
    }

    /// Gives an answer's next piece, of which libnghttp2 writes the head and ``HTTP2Session`` the content.
    static let nextPiece: nghttp2_data_source_read_callback = { _, _, _, limit, flags, source, context in
        guard let source = source?.pointee.ptr, let flags else { return Int(stop) }
        return withConnection(context) { connection in
            let left = connection.contentLeft(HTTP2StreamKey(source))
            flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
            if left <= limit { flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
            return min(left, limit)
        }
    }
}

private let goOn = CInt(0)
private let stop = CInt(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)

// What the functions above share stands outside of the type: a function for C may capture nothing, not even that.

private func withSession(_ context: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> CInt) -> CInt {
    guard let context else { return stop }
    return Unmanaged<HTTP2Session>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
}

/// - Parameter otherwise: the result where the session is not in a call of its connection.
private func withConnection<Result: SignedInteger>(
    _ context: UnsafeMutableRawPointer?,
    otherwise: Result = Result(stop),
    _ body: (HTTP2Connection) -> Result
) -> Result {
    guard let context else { return otherwise }
    return Unmanaged<HTTP2Session>.fromOpaque(context)._withUnsafeGuaranteedRef { session in
        session.user.map { $0._withUnsafeGuaranteedRef(body) } ?? otherwise
    }
}

private func key(_ session: OpaquePointer?, _ id: Int32) -> HTTP2StreamKey? {
    nghttp2_session_get_stream_user_data(session, id).map { HTTP2StreamKey($0) }
}

/// The head of a frame, with which the structure of every type begins; the union itself is large.
private func header(_ frame: UnsafePointer<nghttp2_frame>) -> nghttp2_frame_hd {
    UnsafeRawPointer(frame).assumingMemoryBound(to: nghttp2_frame_hd.self).pointee
}

extension HTTP2FrameHeader {
    fileprivate init(_ header: nghttp2_frame_hd) {
        self.init(
            kind: Kind(rawValue: header.type),
            length: header.length,
            flags: header.flags,
            stream: header.stream_id
        )
    }
}
