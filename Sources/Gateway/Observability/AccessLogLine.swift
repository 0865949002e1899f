import GatewayConfiguration
import HTTPServer
import JSON
import NIOCore
import Text
import Time

/// Writes one line of the access log.
///
/// As text it is the combined format of Apache and nginx, then the time taken in seconds, then the subject of the caller's
/// certificate if it showed one, then `lost` if the answer did not leave for the caller.
struct AccessLogLine {
    private let format: LogFormat
    private var second: Int64 = .min
    private var time = ""

    init(format: LogFormat) {
        self.format = format
    }

    /// Appends the line; see ``AccessLogBuffer``.
    mutating func write(
        _ record: AccessRecord?,
        peer: SocketAddress?,
        token: String?,
        certificateSubject: String? = nil,
        status: HTTPStatus,
        contentLength: Int,
        duration: TimeAmount?,
        isLost: Bool = false,
        now: Int64,
        into buffer: inout ByteBuffer
    ) {
        if now != second {
            second = now
            time = format == .text ? CivilTime(now).commonLogText : CivilTime(now).internetText
        }
        let address = peer?.ipAddress.map(Self.unmapped) ?? "-"
        let seconds = Self.seconds(duration ?? .zero)
        switch format {
        case .text:
            buffer.writeString("\(address) - \(token.map(Self.quoted) ?? "-") [\(time)] \"")
            if let record {
                buffer.writeString("\(record.method) \(Self.quoted(record.target)) \(record.version.rawValue)")
            }
            buffer.writeString("\" \(status.rawValue) \(contentLength) \"-\" ")
            buffer.writeString("\"\(record?.userAgent.map(Self.quoted) ?? "-")\" \(seconds)")
            if let certificateSubject { buffer.writeString(" \"\(Self.quoted(certificateSubject))\"") }
            if isLost { buffer.writeStaticString(" lost") }
            buffer.writeStaticString("\n")
        case .json:
            buffer.writeString(#"{"time":"\#(time)","address":"\#(address)","token":"#)
            writeJSON(token, into: &buffer)
            buffer.writeString(#","method":"#)
            writeJSON(record?.method, into: &buffer)
            buffer.writeString(#","target":"#)
            writeJSON(record?.target, into: &buffer)
            buffer.writeString(#","version":"#)
            writeJSON(record?.version.rawValue, into: &buffer)
            buffer.writeString(#","status":\#(status.rawValue),"bytes":\#(contentLength),"seconds":\#(seconds),"#)
            buffer.writeString(#""userAgent":"#)
            writeJSON(record?.userAgent, into: &buffer)
            if let certificateSubject {
                buffer.writeStaticString(#","certificate":"#)
                buffer.writeJSONString(certificateSubject)
            }
            if isLost { buffer.writeStaticString(",\"lost\":true") }
            buffer.writeStaticString("}\n")
        }
    }

    private func writeJSON(_ text: String?, into buffer: inout ByteBuffer) {
        if let text { buffer.writeJSONString(text) } else { buffer.writeStaticString("null") }
    }

    /// An IPv4 caller of a listener for both families appears as `::ffff:192.0.2.1`.
    private static func unmapped(_ address: String) -> String {
        address.hasPrefix("::ffff:") && address.contains(".") ? String(address.dropFirst(7)) : address
    }

    /// What could end a quoted field or a line, or move a terminal's cursor, written as `\xHH`, as nginx does.
    private static func quoted(_ text: String) -> String {
        let isPlain = { (byte: UInt8) in
            byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        }
        if text.utf8.allSatisfy(isPlain) { return text }
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                result.append(byte)
            } else {
                result += "\\x\(HexText.of(byte, width: 2, uppercase: true))".utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Microseconds as a decimal fraction of seconds.
    private static func seconds(_ duration: TimeAmount) -> String {
        let microseconds = max(0, duration.nanoseconds / 1000)
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)"
    }
}
