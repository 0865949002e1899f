import JSON
import NIOCore

/// Writes Prometheus' text format, version 0.0.4.
///
/// Families are written one after the other: ``begin(_:_:_:)``, then the samples of that family.
struct MetricsWriter {
    /// What the figures of a family mean.
    enum Kind: String {
        /// Grows, and begins at zero when the gateway starts.
        case counter
        /// Goes up and down.
        case gauge
        /// How many events took how long.
        case histogram
    }

    /// A label of a sample.
    struct Label {
        var name: StaticString
        /// Any text.
        var value: String

        init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What has been written.
    private(set) var buffer: ByteBuffer
    private var family: StaticString = "" {
        didSet { userPrefix.clear() }
    }
    /// The label that samples begin with: which upstream they are about.
    private var server: String? {
        didSet { userPrefix.clear() }
    }
    /// What samples of users begin with, up to the name.
    private var userPrefix = ByteBuffer()

    /// - Parameter capacity: the bytes to make room for at once.
    init(capacity: Int = 4096) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// Begins a family: `# HELP` and `# TYPE`.
    mutating func begin(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
        family = name
        buffer.writeStaticString("# HELP ")
        buffer.writeStaticString(name)
        buffer.writeStaticString(" ")
        help.withUTF8Buffer { Self.escape($0, quotes: false, into: &buffer) }
        buffer.writeStaticString("\n# TYPE ")
        buffer.writeStaticString(name)
        buffer.writeStaticString(" ")
        buffer.writeString(kind.rawValue)
        buffer.writeStaticString("\n")
    }

    /// A family of one sample without labels.
    mutating func single(_ name: StaticString, _ kind: Kind, _ help: StaticString, _ value: UInt64) {
        begin(name, kind, help)
        sample(value)
    }

    /// Writes a sample of the family.
    ///
    /// - Parameter suffix: what the name ends with besides, as histograms have it.
    mutating func sample(_ value: UInt64, _ labels: [Label] = [], suffix: StaticString = "") {
        writeName(labels, suffix)
        buffer.writeString("\(value)\n")
    }

    /// Writes a sample that is no whole number.
    mutating func sample(_ value: Double, _ labels: [Label] = [], suffix: StaticString = "") {
        writeName(labels, suffix)
        buffer.writeString("\(value)\n")
    }

    /// Writes the samples of each upstream, which have its name as the label `server` where there are several.
    mutating func forEachServer<Server>(
        _ servers: [Server],
        named name: (Server) -> String,
        _ write: (inout MetricsWriter, Server) -> Void
    ) {
        for server in servers {
            self.server = servers.count > 1 ? name(server) : nil
            write(&self, server)
        }
        server = nil
    }

    /// Writes a sample of a user, of which there may be many: what differs from one to the next, and nothing besides.
    ///
    /// - Parameter rest: what follows the name, from its quotation mark on.
    mutating func sample(_ value: UInt64, user: String, _ rest: StaticString = "\"} ") {
        if userPrefix.readableBytes == 0 { makeUserPrefix() }
        let prefix = userPrefix
        var user = user
        user.withUTF8 { name in
            let isPlain = name.allSatisfy {
                $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\"")
            }
            guard isPlain else {
                buffer.writeImmutableBuffer(prefix)
                Self.escape(name, quotes: true, into: &buffer)
                buffer.writeStaticString(rest)
                buffer.writeDecimal(value)
                return _ = buffer.writeInteger(UInt8(ascii: "\n"))
            }
            let size = prefix.readableBytes + name.count + rest.utf8CodeUnitCount + SampleLine.numberSize
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
                var line = SampleLine(memory)
                prefix.withUnsafeReadableBytes { line.append($0) }
                line.append(UnsafeRawBufferPointer(name))
                line.append(UnsafeRawBufferPointer(start: rest.utf8Start, count: rest.utf8CodeUnitCount))
                line.append(value)
                return line.count
            }
        }
    }

    private mutating func makeUserPrefix() {
        var prefix = ByteBuffer()
        swap(&prefix, &buffer)
        buffer.writeStaticString(family)
        if let server { write(Label("server", server), isFirst: true) }
        buffer.writeStaticString(server == nil ? "{user=\"" : ",user=\"")
        swap(&prefix, &buffer)
        userPrefix = prefix
    }

    private mutating func writeName(_ labels: [Label], _ suffix: StaticString) {
        buffer.writeStaticString(family)
        buffer.writeStaticString(suffix)
        if let server { write(Label("server", server), isFirst: true) }
        for (index, label) in labels.enumerated() { write(label, isFirst: index == 0 && server == nil) }
        buffer.writeStaticString(labels.isEmpty && server == nil ? " " : "} ")
    }

    private mutating func write(_ label: Label, isFirst: Bool) {
        buffer.writeStaticString(isFirst ? "{" : ",")
        buffer.writeStaticString(label.name)
        buffer.writeStaticString("=\"")
        var value = label.value
        value.withUTF8 { Self.escape($0, quotes: true, into: &buffer) }
        buffer.writeStaticString("\"")
    }

    /// A backslash, a line feed and, in labels, a quotation mark would end what they stand in.
    private static func escape(_ text: UnsafeBufferPointer<UInt8>, quotes: Bool, into buffer: inout ByteBuffer) {
        var plain = 0
        for (index, byte) in text.enumerated() {
            let replacement: StaticString
            switch byte {
            case UInt8(ascii: "\\"): replacement = "\\\\"
            case UInt8(ascii: "\n"): replacement = "\\n"
            case UInt8(ascii: "\"") where quotes: replacement = "\\\""
            default: continue
            }
            buffer.writeBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[plain..<index])))
            buffer.writeStaticString(replacement)
            plain = index + 1
        }
        buffer.writeBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[plain...])))
    }
}

/// Puts a line together in memory that has room for it: there may be a hundred thousand of them.
private struct SampleLine {
    /// 2^64 has twenty digits, and a line feed follows.
    static let numberSize = 21

    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// A number, and the end of the line.
    mutating func append(_ value: UInt64) {
        var digits = 1
        var rest = value / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        rest = value
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            memory[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
        memory[count] = UInt8(ascii: "\n")
        count += 1
    }
}
