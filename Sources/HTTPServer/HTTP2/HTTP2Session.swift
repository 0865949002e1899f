import CNGHTTP2
import NIOCore

/// Owns one `nghttp2_session`: the framing, header compression and flow control of one connection, in memory.
///
/// Bytes go in through ``receive(_:for:)`` and come out through ``fill(upTo:for:)``; in between it tells its
/// ``HTTP2Connection`` what happens. C is touched here, in its callbacks and in the fields of answers alone.
///
/// Not `Sendable`: it belongs to its connection's event loop.
final class HTTP2Session {
    /// Why nothing that arrives can be read any more.
    enum SessionError: Error, Equatable {
        /// Against the protocol.
        case malformed
        case abuse(HTTP2Abuse)
        /// Its user has said so.
        case stopped
    }

    private let session: OpaquePointer
    /// What goes out next, in memory that was lent for it.
    private var output = ByteBuffer()
    private var hasMemory = false
    private var limit = 0
    private var scanner = HTTP2FrameScanner()
    /// Whose session it is, during a call, which it outlives.
    private(set) var user: Unmanaged<HTTP2Connection>?
    /// The first call that libnghttp2 has refused. Somebody would wait for what it was to send: the connection has to end.
    private(set) var error: HTTP2LibraryError?
    /// Whether libnghttp2 must not be called any more: it gave up halfway, for lack of memory.
    private var isBroken = false

    /// - Parameter memory: where libnghttp2 gets its memory from, if not from `malloc`.
    init(memory: UnsafeMutablePointer<nghttp2_mem>? = nil) {
        var session: OpaquePointer?
        var callbacks: OpaquePointer?
        var options: OpaquePointer?
        // These three fail where there is no memory left, and so would everything else.
        guard nghttp2_session_callbacks_new(&callbacks) == 0, nghttp2_option_new(&options) == 0 else {
            preconditionFailure("libnghttp2 has no memory for a session")
        }
        HTTP2SessionCallbacks.set(callbacks)
        nghttp2_option_set_no_closed_streams(options, 1)
        nghttp2_option_set_max_outbound_ack(options, HTTP2Limits.unsentAcknowledgements)
        nghttp2_session_server_new3(&session, callbacks, nil, options, memory)
        nghttp2_session_callbacks_del(callbacks)
        nghttp2_option_del(options)
        guard let session else { preconditionFailure("libnghttp2 has no memory for a session") }
        self.session = session
        nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        submitSettings()
    }

    deinit {
        nghttp2_session_del(session)
    }

    private func submitSettings() {
        let settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                value: UInt32(HTTP2Limits.concurrentStreams)
            ),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
                value: UInt32(HTTP2Limits.headerList)
            ),
            // All answers are alike: who comes first is served first.
            nghttp2_settings_entry(settings_id: CNGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, value: 1),
        ]
        let result = nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
        check(result, "nghttp2_submit_settings")
    }

    /// Keeps the error if libnghttp2 has refused a call; see ``error``.
    func check(_ result: CInt, _ call: StaticString) {
        guard result != 0, error == nil else { return }
        error = HTTP2LibraryError(call: "\(call)", code: result)
    }

    /// Makes a call that submits something, unless libnghttp2 must not be called any more.
    private func submit(_ call: StaticString, _ body: () -> CInt) {
        guard !isBroken else { return }
        check(body(), call)
    }

    // MARK: Bytes

    /// Takes bytes of the caller, as many as may be taken by now.
    func receive(_ bytes: inout ByteBuffer, for connection: HTTP2Connection) throws(SessionError) {
        let result = bytes.readWithUnsafeReadableBytes { memory -> (Int, Result<Void, SessionError>) in
            do throws(SessionError) {
                return (memory.count - (try receive(memory, for: connection)), .success(()))
            } catch {
                return (memory.count, .failure(error))
            }
        }
        try result.get()
    }

    /// Hands on frame by frame: what is known before one must not depend on what it does to the session.
    ///
    /// - Returns: how many bytes have to wait.
    private func receive(_ bytes: UnsafeRawBufferPointer, for connection: HTTP2Connection) throws(SessionError)
        -> Int
    {
        var bytes = bytes
        while !bytes.isEmpty {
            if scanner.isBetweenFrames, !connection.prepareForFrame() { break }
            switch scanner.next(bytes) {
            case .rest(let count):
                try take(UnsafeRawBufferPointer(rebasing: bytes[..<count]), for: connection)
                bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
            case .frame(let frame, let count):
                guard connection.frameBegan(frame) else { throw .stopped }
                try take(UnsafeRawBufferPointer(rebasing: bytes[..<count]), for: connection)
                bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
            case .kept(let count):
                bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
                guard let frame = scanner.gathered() else { continue }
                // It has begun, and waits no more.
                _ = connection.prepareForFrame()
                guard connection.frameBegan(frame) else { throw .stopped }
                let head = scanner.head
                var failure: SessionError?
                head.withUnsafeBytes { head in
                    do throws(SessionError) { try take(head, for: connection) } catch { failure = error }
                }
                if let failure { throw failure }
            }
        }
        return bytes.count
    }

    private func take(_ bytes: UnsafeRawBufferPointer, for connection: HTTP2Connection) throws(SessionError) {
        user = .passUnretained(connection)
        let result = nghttp2_session_mem_recv(session, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
        user = nil
        guard result < 0 else { return }
        switch Int32(result) {
        case Int32(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue): throw .stopped
        case Int32(NGHTTP2_ERR_FLOODED.rawValue): throw .abuse(.unreadAcknowledgements)
        // By its number: the header files of older versions do not have the name. Newer ones count for themselves, and count
        // those as well whose fields are ignored.
        case -905: throw .abuse(.continuations)
        case Int32(NGHTTP2_ERR_NOMEM.rawValue):
            check(CInt(result), "nghttp2_session_mem_recv")
            isBroken = true
            throw .stopped
        default: throw .malformed
        }
    }

    /// Borrows memory for the output, unless there is some. ``takeOutput(returningMemoryTo:)`` gives it back.
    func borrow(_ memory: inout ByteBuffer) {
        guard !hasMemory else { return }
        swap(&output, &memory)
        output.clear()
        hasMemory = true
    }

    /// Adds to the output what is to be sent, until it is about `limit` bytes long or there is no more.
    func fill(upTo limit: Int, for connection: HTTP2Connection) {
        user = .passUnretained(connection)
        self.limit = limit
        while !isFull, !isBroken {
            var bytes: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(session, &bytes)
            guard count >= 0 else {
                check(CInt(count), "nghttp2_session_mem_send")
                isBroken = true
                break
            }
            guard count > 0 else { break }
            output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
        }
        user = nil
    }

    /// Takes the output out, and gives back what it was written to: it is free again once the output has left.
    func takeOutput(returningMemoryTo memory: inout ByteBuffer) -> ByteBuffer {
        guard hasMemory else { return ByteBuffer() }
        let piece = output
        memory = piece
        output = ByteBuffer()
        hasMemory = false
        return piece
    }

    /// Whether the output is as long as it is to be.
    var isFull: Bool { output.readableBytes >= limit }

    /// Adds a DATA frame to the output.
    func write(frameHeader: UnsafeRawBufferPointer, _ key: HTTP2StreamKey, count: Int) {
        guard let user else { return }
        output.writeBytes(frameHeader)
        let piece = user._withUnsafeGuaranteedRef { $0.takeContent(key, count: count) }
        output.writeImmutableBuffer(piece)
    }

    /// Whether the connection is over as far as the protocol goes, once all is sent that there is.
    var isOver: Bool { isBroken || nghttp2_session_want_read(session) == 0 }

    /// Whether there is something to send that the caller's windows let through.
    var wantsWrite: Bool { !isBroken && nghttp2_session_want_write(session) != 0 }

    /// Whether a stream is open.
    func isOpen(_ id: Int32) -> Bool { nghttp2_session_get_stream_user_data(session, id) != nil }

    // MARK: Answers

    /// Submits the head of an answer; its content follows by itself, as ``HTTP2Connection/takeContent(_:count:)`` gives it.
    func submit(_ response: Response, date: [UInt8], on key: HTTP2StreamKey, hasContent: Bool) {
        guard !isBroken else { return }
        var result: CInt = 0
        HTTP2ResponseFields.withFields(of: response, date: date) { fields in
            guard hasContent else {
                result = nghttp2_submit_response(session, key.id, fields.baseAddress, fields.count, nil)
                return
            }
            var content = nghttp2_data_provider()
            content.source.ptr = key.pointer
            content.read_callback = HTTP2SessionCallbacks.nextPiece
            result = nghttp2_submit_response(session, key.id, fields.baseAddress, fields.count, &content)
        }
        check(result, "nghttp2_submit_response")
    }

    /// Submits the interim answer that asks for the body (RFC 9110, section 15.2.1).
    func submitContinue(on key: HTTP2StreamKey) {
        var field = nghttp2_nv(name: ":status", value: "100")
        let none = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        submit("nghttp2_submit_headers") { nghttp2_submit_headers(session, none, key.id, nil, &field, 1, nil) }
    }

    // MARK: Ends

    /// Ends one stream, unless it has ended.
    func reset(_ id: Int32, _ code: HTTP2ErrorCode) {
        submit("nghttp2_submit_rst_stream") {
            guard isOpen(id) else { return 0 }
            return nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
        }
    }

    /// Tells the caller that the connection is about to end, and asks for a sign that it was read.
    func announceEnd() {
        submit("nghttp2_submit_shutdown_notice") { nghttp2_submit_shutdown_notice(session) }
        submit("nghttp2_submit_ping") { nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil) }
    }

    /// Tells the caller which request is the last that is answered.
    func refuseFurther() {
        submit("nghttp2_submit_goaway") {
            nghttp2_submit_goaway(
                session,
                UInt8(NGHTTP2_FLAG_NONE.rawValue),
                nghttp2_session_get_last_proc_stream_id(session),
                HTTP2ErrorCode.noError.rawValue,
                nil,
                0
            )
        }
    }

    /// Tells the caller why the connection ends, if that can still be said.
    func end(_ code: HTTP2ErrorCode) {
        guard !isBroken else { return }
        let result = nghttp2_session_terminate_session(session, code.rawValue)
        guard result != 0 else { return }
        check(result, "nghttp2_session_terminate_session")
        isBroken = true
    }
}

/// libnghttp2 has refused a call: it has no memory left, or cannot send what it was given.
struct HTTP2LibraryError: Error, CustomStringConvertible {
    var call: String
    var code: CInt

    var description: String { "libnghttp2: \(call): \(String(cString: nghttp2_strerror(code)))" }
}
