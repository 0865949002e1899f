import NIOCore

/// Columns aligned for a terminal.
struct TextTable {
    /// Which side of a column its cells stand on.
    enum Alignment {
        case left, right
    }

    private let alignments: [Alignment]
    private var rows: [[String]] = []
    private var widths: [Int]

    /// A table with these column heads.
    init(_ columns: [(head: String, alignment: Alignment)]) {
        self.init(columns.map(\.alignment))
        add(columns.map(\.head))
    }

    /// A table of such columns, without heads.
    init(_ alignments: [Alignment]) {
        self.alignments = alignments
        widths = alignments.map { _ in 0 }
    }

    /// Adds a row of as many cells as there are columns.
    mutating func add(_ cells: [String]) {
        for (column, cell) in cells.enumerated() { widths[column] = max(widths[column], Self.width(of: cell)) }
        rows.append(cells)
    }

    /// Writes the rows, one to a line, without spaces at line ends.
    func write(into buffer: inout ByteBuffer) {
        for row in rows {
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - Self.width(of: cell))
                if column > 0 { line += "  " }
                line += alignments[column] == .right ? padding + cell : cell
                if alignments[column] == .left, column < row.count - 1 { line += padding }
            }
            buffer.writeString(line)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
    }

    /// How many columns of a terminal a text takes: East Asian wide characters and emoji take two.
    static func width(of text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + (isWide($1) ? 2 : 1) }
    }

    /// The blocks that Unicode Standard Annex 11 gives as wide.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
