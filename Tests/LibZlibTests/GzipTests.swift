import CZlib
import Gunzip
import Testing

@testable import LibZlib

@Suite("Contents are compressed by gzip")
struct GzipTests {
    /// Bytes that say little, so that they can be compressed; of any size.
    private static func figures(_ count: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count + 32)
        var number: UInt64 = 88_172_645_463_325_252
        while text.count < count {
            number ^= number << 13
            number ^= number >> 7
            number ^= number << 17
            text += Array("\"user\(number % 50_000)\":{\"tx\":\(number >> 40)},".utf8)
        }
        return Array(text.prefix(count))
    }

    /// Bytes that say as much as there are.
    private static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 42
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    private static func encode(_ content: [UInt8], _ level: GzipLevel = .fast, limit: Int = .max) throws -> [UInt8]? {
        try content.withUnsafeBytes { content in try Gzip.encode(content, level: level, limit: limit) }
    }

    @Test(
        "what is unpacked is what was packed, to the last byte",
        arguments: [0, 1, 2, 100, 1_023, 65_535, 65_536, 65_537, 1 << 20, 2_400_000]
    )
    func roundTrip(count: Int) throws {
        for content in [Self.figures(count), Self.noise(count), [UInt8](repeating: 7, count: count)] {
            for level in [GzipLevel.fast, .best] where level.number == 1 || count < 1 << 20 {
                let packed = try #require(try Self.encode(content, level))
                #expect(gunzipped(packed) == content)
            }
        }
    }

    @Test("what the gzip program unpacks")
    func program() throws {
        let content = Self.figures(300_000)
        let packed = try #require(try Self.encode(content))
        #expect(try gunzip(packed) == content)
    }

    @Test("figures become less than half, and noise hardly more")
    func sizes() throws {
        let content = Self.figures(1 << 20)
        #expect(try #require(try Self.encode(content)).count < content.count / 2)
        let noise = Self.noise(1 << 20)
        #expect(try #require(try Self.encode(noise)).count < noise.count + 1_000)
    }

    @Test("the same content gives the same bytes, with no name and no time in them")
    func deterministic() throws {
        let content = Self.figures(10_000)
        let packed = try #require(try Self.encode(content))
        #expect(try Self.encode(content) == packed)
        // RFC 1952, section 2.3: the magic number, deflate, no flags, no time.
        #expect(packed.prefix(8) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    }

    @Test("pieces give what the whole gives, however it is cut", arguments: [1, 7, 1_000, 65_536, 200_000])
    func pieces(size: Int) throws {
        let content = Self.figures(size == 1 ? 5_000 : 200_000)
        let encoder = try GzipEncoder(level: .fast)
        for start in stride(from: 0, to: content.count, by: size) {
            try content[start..<min(start + size, content.count)].withUnsafeBytes { piece in try encoder.write(piece) }
        }
        let packed = try #require(try encoder.finish())
        #expect(gunzipped(packed) == content)
    }

    @Test("two members, one after the other, unpack to both contents")
    func concatenation() throws {
        let both = try [Self.figures(5_000), Self.noise(300)].map { try #require(try Self.encode($0)) }
        #expect(try gunzip(both[0] + both[1]) == Self.figures(5_000) + Self.noise(300))
    }

    @Test("nothing is given that is longer than the limit, and all that is not")
    func limit() throws {
        for content in [Self.figures(100_000), Self.noise(100_000), Self.noise(100), []] {
            let packed = try #require(try Self.encode(content))
            #expect(try Self.encode(content, limit: packed.count) == packed)
            #expect(try Self.encode(content, limit: packed.count - 1) == nil)
            #expect(try Self.encode(content, limit: 0) == nil)
        }
        #expect(try Self.encode(Self.noise(5_000), limit: 5_000) == nil)
    }

    @Test("without memory it says so, and what it had is given back")
    func memory() {
        #expect(throws: GzipError(code: Z_MEM_ERROR)) {
            _ = try GzipEncoder(level: .fast, allocating: { _, _, _ in nil })
        }
        #expect("\(GzipError(code: Z_MEM_ERROR))".contains("memory"))
    }
}
