import CareChain
import Foundation
import Planning
import Testing

/// The pages in `docs/` that list codes say what the code says.
@Suite struct DocumentationTests {
    /// The cells of all rows of tables that begin with a code, section by section.
    private func tables(in page: String) throws -> [[[String]]] {
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

    @Test func `The page of rules lists every rule with its sentences, in order`() throws {
        let expected = allRules.map { rule in
            [rule.code.rawValue, rule.sentence.in(.english), rule.sentence.in(.dutch)]
        }
        #expect(try tables(in: "rules.md") == [expected])
    }

    @Test func `The page of reasons lists every code, with the sentences that are shown in the tests`() throws {
        let tables = try tables(in: "reasons.md")
        try #require(tables.count == 2)
        #expect(Set(tables[0].map { $0[0] }) == Set(ReasonCode.allCases.map(\.text)))
        for example in ObstacleTests.cases {
            #expect(tables[0].contains([example.code, example.english, example.dutch]), "\(example.english)")
        }
    }

    @Test func `The page of reasons lists every kind of change, and which are dangerous`() throws {
        let tables = try tables(in: "reasons.md")
        try #require(tables.count == 2)
        #expect(Set(tables[1].map { $0[0] }) == Set(Change.Kind.allCases.map(\.rawValue)))
        for example in UnlockingTests.cases where example.changes.count == 1 {
            let kind = example.changes[0].kind
            let row = [kind.rawValue, kind.isDangerous ? "yes" : "no", example.english[0], example.dutch[0]]
            #expect(tables[1].contains(row), "\(example.english[0])")
        }
    }
}
