import HTTPServer
import NIOCore
import OpenSSLCrypto
import Text

/// What a content is told by from every other one: half of its SHA-256, and nothing of where or when it was made (RFC 9110,
/// section 8.8.3).
struct EntityTag: Sendable, Equatable {
    private static let byteCount = 16
    private static let gzipSuffix: StaticString = "-gzip"

    /// What stands between the quotation marks.
    let opaque: String

    /// Takes some 2 ms for 2.4 MB where the processor has instructions for it, and four times as long elsewhere.
    init(of content: ByteBuffer) {
        let digest = [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { output, count in
            content.withUnsafeReadableBytes { SHA256().digest(of: $0, into: UnsafeMutableRawBufferPointer(output)) }
            count = SHA256.byteCount
        }
        opaque = HexText.of(digest.prefix(Self.byteCount))
    }

    /// The value of `ETag`. Each coding has its own, as section 8.8.3.3 asks. That of gzip is weak: another version of
    /// zlib may pack the same content otherwise.
    func value(for coding: ContentCoding) -> String {
        switch coding {
        case .identity: "\"\(opaque)\""
        case .gzip: "W/\"\(opaque)\(Self.gzipSuffix)\""
        }
    }

    /// The field.
    func field(for coding: ContentCoding) -> Response.Field {
        Response.Field(name: "ETag", value: value(for: coding))
    }

    /// Which coding of this content an opaque tag stands for; nil where it is of another content.
    func coding(of tag: UnsafeRawBufferPointer) -> ContentCoding? {
        let length = opaque.utf8.count
        guard tag.count >= length, zip(tag, opaque.utf8).allSatisfy({ $0 == $1 }) else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: tag[length...])
        if rest.isEmpty { return .identity }
        return rest.equals(Self.gzipSuffix) ? .gzip : nil
    }
}
