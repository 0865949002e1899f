import NIOCore

@testable import Gateway

/// An `If-None-Match` field: only a tag that stands in it is found, and a tag behind any list is found in it.
struct EntityTagTarget: FuzzTarget {
    let name = "tag"

    let longest = 200
    private let tag = EntityTag(of: ByteBuffer(string: "content"))

    var words: [String] {
        [
            tag.value(for: .identity), tag.value(for: .gzip), tag.opaque, "-gzip", "\"", "W/", "w/", ",", ", ", " ",
            "\t", "*", "\"a,b\"",
        ]
    }

    var seeds: [[UInt8]] {
        [
            tag.value(for: .identity), tag.value(for: .gzip), "*", "\"a\", W/\"b\"", ", ,\(tag.value(for: .identity))",
            "\"a",
            "W/", "\"\"",
        ].map { Array($0.utf8) }
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let all: [ContentCoding] = [.gzip, .identity]
        var field = IfNoneMatch()
        field.add(input)
        let found = field.coding(of: tag, among: all)
        let text = String(decoding: input, as: UTF8.self)
        if found != nil, !text.contains("*") { require(text.contains(tag.opaque), "a tag is found that is not there") }
        let isList = EntityTagList.forEach(in: input) {
            require($0.count <= input.count, "a tag is longer than the field")
        }
        Array(tag.value(for: .identity).utf8).withUnsafeBytes { field.add($0) }
        require((field.coding(of: tag, among: [.identity]) != nil) == isList, "a tag is not found behind a list")
    }
}
