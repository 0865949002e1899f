@testable import ACME

/// A message of DNS as a server writes it, right or wrong.
struct AnswerDraft {
    private let id: UInt16
    private let flags: UInt16
    private let questions: Int
    private let name: String
    private let type: UInt16
    private var answers = 0
    private var sections: [UInt8] = []

    /// The answer of a server that looked for it.
    init(
        id: UInt16 = 7,
        flags: UInt16 = 0x8180,
        questions: Int = 1,
        name: String = "a.example",
        type: UInt16 = 257
    ) {
        self.id = id
        self.flags = flags
        self.questions = questions
        self.name = name
        self.type = type
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    static func pair(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }

    static func caa(_ tag: String, _ value: String, flags: UInt8 = 0) -> [UInt8] {
        [flags, UInt8(tag.utf8.count)] + Array(tag.utf8) + Array(value.utf8)
    }

    /// Adds a record; the owner is the name that was asked for, by a pointer to it, where it is nil.
    mutating func add(owner: [UInt8]? = nil, type: Int = 257, family: Int = 1, _ data: [UInt8]) {
        answers += 1
        sections +=
            (owner ?? [0xc0, 12]) + Self.pair(type) + Self.pair(family) + [0, 0, 1, 0] + Self.pair(data.count) + data
    }

    var bytes: [UInt8] {
        Self.pair(Int(id)) + Self.pair(Int(flags)) + Self.pair(questions) + Self.pair(answers) + [0, 0, 0, 0]
            + Self.name(name) + Self.pair(Int(type)) + [0, 1] + sections
    }

    /// The result of reading it as the answer for `a.example` and the number 7.
    func read() throws(DNSError) -> [CAARecord] { try Self.read(bytes) }

    static func read(_ bytes: [UInt8]) throws(DNSError) -> [CAARecord] {
        try DNSMessage.records(in: bytes, of: DNSName(labels: [Array("a".utf8), Array("example".utf8)]), id: 7)
    }
}
