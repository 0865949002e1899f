import CNGHTTP2
import NIOCore

/// The fields of an answer as libnghttp2 wants them.
enum HTTP2ResponseFields {
    /// Fields that every answer has, as HTTP/1.1's have them; see ``HTTP1ResponseEncoder``.
    private static let standing: [(name: StaticString, value: StaticString)] = [
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=31536000"),
    ]

    /// Calls `body` with the fields of an answer, as libnghttp2 wants them: text of the program itself stays where it is,
    /// everything else is copied before `body` returns, and names get their lower case by that.
    static func withFields(of response: Response, date: [UInt8], _ body: (UnsafeBufferPointer<nghttp2_nv>) -> Void) {
        let textLength = response.fields.reduce(32) { $0 + $1.value.utf8.count }
        withUnsafeTemporaryAllocation(byteCount: textLength, alignment: 1) { memory in
            var text = HTTP2FieldText(memory)
            let capacity = 5 + standing.count + response.fields.count
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
                    if response.status.hasLength {
                        add(nghttp2_nv(name: "content-length", copying: text.write(response.body.readableBytes)))
                    }
                    let caching: StaticString = response.caching == .none ? "no-store" : "no-cache"
                    add(nghttp2_nv(name: "cache-control", value: caching))
                    for (name, value) in standing { add(nghttp2_nv(name: name, value: value)) }
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

    /// A field of the program's own text.
    init(name: StaticString, value: StaticString) {
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

/// Writes the field values of one answer one after the other into memory that is there for as long as they are.
private struct HTTP2FieldText {
    private let memory: UnsafeMutableRawBufferPointer
    private var end = 0

    /// - Parameter memory: room for all that is written; 20 bytes for each number.
    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// Writes a number in decimal digits.
    mutating func write(_ number: Int) -> UnsafeRawBufferPointer {
        let start = end
        writeDigits(number)
        return UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    /// Writes a text.
    mutating func write(_ text: String) -> UnsafeRawBufferPointer {
        let start = end
        for byte in text.utf8 { append(byte) }
        return UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    private mutating func writeDigits(_ number: Int) {
        if number >= 10 { writeDigits(number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func append(_ byte: UInt8) {
        memory[end] = byte
        end += 1
    }
}
