import Text

/// A list of entity tags, by the grammar of RFC 9110, sections 5.6.1 and 8.8.3. A comma within a tag belongs to it.
enum EntityTagList {
    /// Calls `body` with what stands between the quotation marks of each tag. Tags are compared weakly, so `W/` says nothing.
    ///
    /// - Returns: whether it is such a list. If not, `body` may have been called all the same.
    static func forEach(in list: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        var index = 0
        var isExpected = true
        while index < list.count {
            switch list[index] {
            case UInt8(ascii: ","):
                isExpected = true
                index += 1
            case let byte where byte.isSpaceOrTab:
                index += 1
            default:
                guard isExpected, let tag = tag(in: list, at: &index) else { return false }
                body(tag)
                isExpected = false
            }
        }
        return true
    }

    private static func tag(in list: UnsafeRawBufferPointer, at index: inout Int) -> UnsafeRawBufferPointer? {
        var start = index
        if list[start] == UInt8(ascii: "W") {
            guard start + 1 < list.count, list[start + 1] == UInt8(ascii: "/") else { return nil }
            start += 2
        }
        guard start < list.count, list[start] == UInt8(ascii: "\"") else { return nil }
        start += 1
        var end = start
        while end < list.count, list[end] != UInt8(ascii: "\"") {
            guard isTagByte(list[end]) else { return nil }
            end += 1
        }
        guard end < list.count else { return nil }
        index = end + 1
        return UnsafeRawBufferPointer(rebasing: list[start..<end])
    }

    private static func isTagByte(_ byte: UInt8) -> Bool { byte == 0x21 || byte >= 0x23 && byte != 0x7F }
}
