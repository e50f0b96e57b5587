import Foundation

/// The cells of all rows of a page's tables that begin with a code, table by table.
///
/// - Parameter page: The name of a file in `docs/`.
public func documentedCodes(in page: String) throws -> [[[String]]] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/\(page)"), encoding: .utf8)
    var tables: [[[String]]] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("| code") { tables.append([]) }
        if line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                !$0.isEmpty
            }
            tables[tables.count - 1].append([cells[0].replacing("`", with: "")] + cells.dropFirst())
        }
    }
    return tables
}
