import NIOCore
import Text

/// Gathers the fields of one request as they are decompressed, and makes a ``Request`` of them.
///
/// libnghttp2 has checked the form by then (RFC 9113, section 8): pseudo-header fields complete, once and first, names in
/// lower case, no field that is about a connection, `te` for trailers alone, one `content-length` that is a number. Here is
/// what the gateway asks of a request in any version of HTTP.
struct HTTP2RequestHead {
    private var bytes: ByteBuffer
    private var error: RequestError?

    private var method = HTTPMethod.other
    private var methodRange = 0..<0
    private var target = 0..<0
    private var authority: Range<Int>?
    private var fields = RequestFields()

    /// - Parameter bytes: where to keep the fields that matter. What it holds is overwritten.
    init(into bytes: consuming ByteBuffer) {
        self.bytes = bytes
        self.bytes.clear()
    }

    /// Where the fields were kept, for the next request.
    consuming func takeBytes() -> ByteBuffer { bytes }

    /// The request is refused for this, unless it is refused for something before it.
    mutating func refuse(_ error: RequestError) {
        self.error = self.error ?? error
    }

    /// Whether the caller waits for a 100 before it sends the body.
    var expectsContinue: Bool { fields.expectsContinue }

    /// Takes a field.
    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        guard error == nil else { return }
        do throws(RequestError) {
            try take(name: name, value: value)
        } catch {
            self.error = error
        }
    }

    /// The request, once all fields are here.
    func request() throws(RequestError) -> Request {
        if let error { throw error }
        try checkTarget()
        if let authority, let host = fields.host {
            // RFC 9113, section 8.3.1. What is asked for has to be certain.
            let isSame = bytes.withUnsafeReadableBytes { $0[authority].elementsEqual($0[host]) }
            guard isSame else { throw .malformed("Host is not the authority that is asked for.") }
        }
        return Request(
            version: .http2,
            method: method,
            methodRange: methodRange,
            bytes: bytes,
            target: target,
            authority: authority ?? fields.host ?? 0..<0,
            fields: fields
        )
    }

    private func checkTarget() throws(RequestError) {
        let isConnect = bytes.withUnsafeReadableBytes {
            UnsafeRawBufferPointer(rebasing: $0[methodRange]).equals("CONNECT")
        }
        guard !isConnect else { throw .malformed("CONNECT is for proxies.") }
        let isValid = bytes.withUnsafeReadableBytes { bytes in
            let target = UnsafeRawBufferPointer(rebasing: bytes[target])
            if target.first == UInt8(ascii: "/") { return target.allSatisfy(HTTPGrammar.isTarget) }
            return method == .options && target.equals("*")
        }
        guard isValid else {
            throw .malformed("The request target is no path, or contains a byte that must be percent-encoded.")
        }
    }

    private mutating func take(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) throws(RequestError) {
        if let name = RequestFields.Name(name) {
            let start = bytes.readableBytes
            if try fields.take(name, value, at: start..<start + value.count) { bytes.writeBytes(value) }
        } else {
            try takeControl(name, value)
        }
    }

    private mutating func takeControl(
        _ name: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer
    ) throws(RequestError) {
        switch name.count {
        case 5 where name.equals(":path"):
            target = keep(value)
        case 7 where name.equals(":method"):
            method = HTTPMethod(token: value)
            methodRange = keep(value)
        case 7 where name.equals(":scheme"):
            guard
                value.equalsIgnoringCase("https")
                    || value.equalsIgnoringCase("http")
            else { throw .malformed("The scheme is neither http nor https.") }
        case 10 where name.equals(":authority"):
            try RequestFields.checkAuthority(value)
            authority = keep(value)
        case 14 where name.equals("content-length"):
            try checkContentLength(value)
        default:
            break
        }
    }

    private func checkContentLength(_ value: UnsafeRawBufferPointer) throws(RequestError) {
        var length = 0
        for byte in value {
            // Beyond the limit the exact number does not matter, only that it cannot overflow.
            length = min(length * 10 + Int(byte &- UInt8(ascii: "0")), Int.max / 16)
        }
        guard length <= HTTP2Limits.body else { throw .bodyTooLarge }
    }

    private mutating func keep(_ value: UnsafeRawBufferPointer) -> Range<Int> {
        let start = bytes.readableBytes
        bytes.writeBytes(value)
        return start..<start + value.count
    }
}
