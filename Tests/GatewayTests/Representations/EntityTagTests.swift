import HysteriaSimulator
import NIOCore
import Testing

@testable import Gateway

@Suite("A content is known by its tag")
struct EntityTagTests {
    private let tag = EntityTag(of: ByteBuffer(string: "figures"))

    private func held(_ fields: [String], among codings: [ContentCoding] = [.gzip, .identity]) -> ContentCoding? {
        var header = IfNoneMatch()
        for field in fields { Array(field.utf8).withUnsafeBytes { header.add($0) } }
        return header.coding(of: tag, among: codings)
    }

    private var plain: String { tag.value(for: .identity) }
    private var packed: String { tag.value(for: .gzip) }

    @Test("which is of its bytes alone, and differs by coding")
    func values() {
        #expect(EntityTag(of: ByteBuffer(string: "figures")) == tag)
        #expect(EntityTag(of: ByteBuffer(string: "figurez")) != tag)
        #expect(plain.wholeMatch(of: /"[0-9a-f]{32}"/) != nil)
        #expect(packed.wholeMatch(of: /W\/"[0-9a-f]{32}-gzip"/) != nil)
        var slice = ByteBuffer(string: "many figures here")
        slice.moveReaderIndex(forwardBy: 5)
        #expect(EntityTag(of: slice.readSlice(length: 7) ?? ByteBuffer()) == tag)
    }

    @Test("who names it has it, weakly or strongly, alone or in a list")
    func matches() {
        let strong = String(packed.dropFirst(2))
        for field in [
            plain, "W/\(plain)", " \(plain) ", "\"other\", \(plain)", "\(plain),\"other\"", ",, \(plain) ,",
            "\"\", \(plain)",
            "\"a,b\",\t\(plain)", "W/\"\u{E9}\" , \(plain)",
        ] {
            #expect(held([field]) == .identity, "\(field)")
            #expect(held([field], among: [.identity]) == .identity, "\(field)")
            #expect(held([field], among: [.gzip]) == nil, "\(field)")
        }
        for field in [packed, strong, "\"x\", \(packed)"] {
            #expect(held([field]) == .gzip, "\(field)")
            #expect(held([field], among: [.identity]) == nil, "who cannot unpack it does not have it")
        }
        #expect(held(["\"x\"", plain]) == .identity)
        #expect(held(["\(plain), \(packed)"]) == .gzip)
        #expect(held(["\(plain), \(packed)"], among: [.identity]) == .identity)
    }

    @Test("an asterisk stands for any, where it stands alone")
    func any() {
        for field in ["*", " * ", "\t*"] {
            #expect(held([field]) == .gzip)
            #expect(held([field], among: [.identity]) == .identity)
        }
        for fields in [["*, \(plain)"], ["*", plain], ["\"*\""], ["**"], ["W/*"]] {
            #expect(held(fields) == nil, "\(fields)")
        }
    }

    @Test("who names another one, or nothing that can be read, gets it")
    func mismatches() {
        let bare = plain.filter { $0 != "\"" }
        for field in [
            "", " ", ",", "\"other\"", bare, "'\(bare)'", "\"\(bare)", "\(bare)\"", "w/\(plain)", "W/ \(plain)",
            "W\(plain)",
            "W/", "W", "\"", "\(plain) \"x\"", "\(plain)\"x\"", "\(plain), x", "\(plain), \"x", "\"a b\", \(plain)",
            "\"\(bare.dropLast())\"", "\"\(bare)0\"", "\"\(bare)-gzi\"", "\"\(bare)-gzip2\"",
            "\"\(bare.uppercased())x\"",
            "\u{7F}\(plain)", "\"\u{1}\", \(plain)",
        ] {
            #expect(held([field]) == nil, "\(field)")
        }
    }

    @Test("any bytes at all are read to their end, and a tag is found in any list that has it")
    func anything() {
        var random = SeededGenerator(seed: 3)
        let words = ["\"", "W/", ",", " ", "\t", "*", "abc", plain, packed, "\u{FF}", "\\", "\"a,b\"", "W/\"\""]
        for _ in 0..<4_000 {
            let field = (0..<Int.random(in: 0...8, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
            }
            .joined()
            let found = held([field])
            if found != nil, found != held(["*"]) { #expect(field.contains(String(tag.opaque))) }
            if !field.contains(tag.opaque), !field.contains("*") { #expect(found == nil, "\(field)") }
            let list = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                ["\"x\"", "W/\"y,\"", "", " \"\u{E9}\" "].randomElement(using: &random) ?? ""
            }
            var having = list
            having.insert([plain, "W/\(plain)"].randomElement(using: &random) ?? "", at: list.count / 2)
            #expect(held([list.joined(separator: ",")]) == nil)
            #expect(held([having.joined(separator: ",")]) == .identity)
        }
    }

    @Test("a list as long as a request may be is read in no time")
    func long() {
        let tags = (0..<400).map { "\"\(String(repeating: "a", count: 32))\($0)\"" }.joined(separator: ", ")
        #expect(held([tags, plain]) == .identity)
        #expect(held([String(repeating: "\"", count: 16_000)]) == nil)
        #expect(held([String(repeating: ",", count: 16_000) + plain]) == .identity)
    }
}
