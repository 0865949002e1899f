import CNGHTTP2
import NIOCore

// MARK: Answers

extension HTTP2Session {
    /// Fields that every answer has, as HTTP/1.1's have them; see ``HTTP1ResponseEncoder``.
    private static let standing: [(name: StaticString, value: StaticString)] = [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=31536000"),
    ]

    /// Submits the head of an answer; what the stream holds of its content follows by itself.
    func submit(_ response: Response, date: [UInt8], on stream: HTTP2Stream) {
        guard !isBroken else { return }
        var result: CInt = 0
        withFields(of: response, date: date) { fields in
            guard stream.rest.readableBytes > 0 else {
                result = nghttp2_submit_response(session, stream.id, fields.baseAddress, fields.count, nil)
                return
            }
            var content = nghttp2_data_provider()
            content.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
            content.read_callback = HTTP2SessionCallbacks.nextPiece
            result = nghttp2_submit_response(session, stream.id, fields.baseAddress, fields.count, &content)
        }
        check(result, "nghttp2_submit_response")
    }

    /// Submits the interim answer that asks for the body (RFC 9110, section 15.2.1).
    func submitContinue(on stream: HTTP2Stream) {
        var field = nghttp2_nv(name: ":status", value: "100")
        let none = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        check(nghttp2_submit_headers(session, none, stream.id, nil, &field, 1, nil), "nghttp2_submit_headers")
    }

    /// Calls `body` with the fields of an answer, as libnghttp2 wants them: text of the program itself stays where it is,
    /// everything else is copied before `body` returns, and names get their lower case by that.
    private func withFields(of response: Response, date: [UInt8], _ body: (UnsafeBufferPointer<nghttp2_nv>) -> Void) {
        let textLength = response.fields.reduce(32) { $0 + $1.value.utf8.count }
        withUnsafeTemporaryAllocation(byteCount: textLength, alignment: 1) { memory in
            var text = HTTP2FieldText(memory)
            let capacity = 4 + Self.standing.count + response.fields.count
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: capacity) { fields in
                var count = 0
                func add(_ field: nghttp2_nv) {
                    fields.initializeElement(at: count, to: field)
                    count += 1
                }
                date.withUnsafeBytes { date in
                    add(nghttp2_nv(name: ":status", copying: text.write(response.status.rawValue)))
                    add(nghttp2_nv(name: "date", copying: date))
                    if let contentType = response.contentType {
                        add(nghttp2_nv(name: "content-type", value: contentType.value))
                    }
                    // RFC 9110, section 8.6: none with 204.
                    if response.status != .noContent {
                        add(nghttp2_nv(name: "content-length", copying: text.write(response.body.readableBytes)))
                    }
                    for (name, value) in Self.standing { add(nghttp2_nv(name: name, value: value)) }
                    for field in response.fields {
                        add(nghttp2_nv(copyingName: field.name, copying: text.write(field.value)))
                    }
                    body(UnsafeBufferPointer(rebasing: fields[..<count]))
                }
            }
        }
    }
}

extension nghttp2_nv {
    private static let keepsName = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue)
    private static let keepsValue = UInt8(NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)

    fileprivate init(name: StaticString, value: StaticString) {
        self.init(name, .init(start: value.utf8Start, count: value.utf8CodeUnitCount), Self.keepsName | Self.keepsValue)
    }

    fileprivate init(name: StaticString, copying value: UnsafeRawBufferPointer) {
        self.init(name, value, Self.keepsName)
    }

    fileprivate init(copyingName name: StaticString, copying value: UnsafeRawBufferPointer) {
        self.init(name, value, UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
    }

    private init(_ name: StaticString, _ value: UnsafeRawBufferPointer, _ flags: UInt8) {
        self.init(
            name: UnsafeMutablePointer(mutating: name.utf8Start),
            value: UnsafeMutablePointer(mutating: value.bindMemory(to: UInt8.self).baseAddress),
            namelen: name.utf8CodeUnitCount,
            valuelen: value.count,
            flags: flags
        )
    }
}
