import NIOCore

/// Columns aligned for a terminal.
///
/// The text of all cells stands in one buffer: a table of 50,000 users has half a million cells.
struct TextTable {
    /// Which side of a column its cells stand on.
    enum Alignment {
        case left, right
    }

    /// Where a cell's text ends, and how many columns of a terminal it takes.
    private struct Cell {
        let end: Int
        let width: Int
    }

    private let alignments: [Alignment]
    private var text = ByteBuffer()
    private var cells: [Cell] = []
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
        for cell in cells { add(cell) }
    }

    // MARK: Cells

    /// Adds a cell to the row. The next one after a row's last begins a row.
    mutating func add(_ cell: String) {
        text.writeString(cell)
        end(width: Self.width(of: cell))
    }

    /// Adds a cell of ASCII.
    mutating func add(ascii write: (inout ByteBuffer) -> Void) {
        let start = text.writerIndex
        write(&text)
        end(width: text.writerIndex - start)
    }

    /// Adds a name that others chose.
    mutating func add(name: [UInt8]) {
        guard DisplayText.isPlain(name) else { return add(DisplayText.escape(name)) }
        text.writeBytes(name)
        end(width: name.count)
    }

    private mutating func end(width: Int) {
        let column = cells.count % widths.count
        if width > widths[column] { widths[column] = width }
        cells.append(Cell(end: text.writerIndex, width: width))
    }

    // MARK: Writing

    /// Writes the rows, one to a line, without spaces at line ends.
    func write(into buffer: inout ByteBuffer) {
        let columns = widths.count
        buffer.reserveCapacity(minimumWritableBytes: cells.count / columns * (widths.reduce(0, +) + 2 * columns))
        text.withUnsafeReadableBytes { bytes in
            var start = 0
            var row = 0
            while row < cells.count {
                let rowEnd = min(row + columns, cells.count)
                // Spaces that are due before the next text; those at the line's end are never written.
                var spaces = 0
                for index in row..<rowEnd {
                    let (cell, column) = (cells[index], index - row)
                    if column > 0 { spaces += 2 }
                    let padding = widths[column] - cell.width
                    if alignments[column] == .right { spaces += padding }
                    if cell.end > start {
                        buffer.writeRepeatingByte(UInt8(ascii: " "), count: spaces)
                        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<cell.end]))
                        spaces = 0
                    }
                    if alignments[column] == .left { spaces += padding }
                    start = cell.end
                }
                buffer.writeInteger(UInt8(ascii: "\n"))
                row = rowEnd
            }
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
