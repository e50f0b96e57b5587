/// Rows of cells in columns as wide as their widest cell.
struct TextTable {
    /// Where a column's cells are set.
    enum Alignment {
        case left
        case right
    }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// Makes a table with a heading.
    init(_ heading: [(String, Alignment)]) {
        alignments = heading.map(\.1)
        rows = [heading.map(\.0)]
    }

    /// Adds a row of as many cells as the heading has.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The number of rows without the heading.
    var count: Int { rows.count - 1 }

    /// The table as text; every line ends with a line feed.
    var text: String { lines(rows) }

    /// The same without its heading.
    var body: String { lines(rows.dropFirst()) }

    private func lines(_ shown: some Sequence<[String]>) -> String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return shown.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return alignments[column] == .right ? padding + cell : cell + padding
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
