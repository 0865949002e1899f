/// A place in a YAML text.
package struct YAMLMark: Sendable, Hashable {
    /// The line, counted from 1.
    package let line: Int

    /// The column, counted from 1 in Unicode scalars.
    package let column: Int

    /// Makes a mark.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
