import CareChain
import Planning
import TestSupport
import Testing

/// The pages in `docs/` that list codes say what the code says.
@Suite struct DocumentationTests {
    @Test func `The page of rules lists every rule with its sentences, in order`() throws {
        let expected = allRules.map { rule in
            [rule.code.rawValue, rule.sentence.in(.english), rule.sentence.in(.dutch)]
        }
        #expect(try documentedCodes(in: "rules.md") == [expected])
    }

    @Test func `The page of reasons lists every code, with the sentences that are shown in the tests`() throws {
        let tables = try documentedCodes(in: "reasons.md")
        try #require(tables.count == 3)
        #expect(Set(tables[0].map { $0[0] }) == Set(ReasonCode.allCases.map(\.text)))
        for example in ObstacleTests.cases {
            #expect(tables[0].contains([example.code, example.english, example.dutch]), "\(example.english)")
        }
    }

    @Test func `The page of reasons lists every kind of change, and which are dangerous`() throws {
        let tables = try documentedCodes(in: "reasons.md")
        try #require(tables.count == 3)
        #expect(Set(tables[1].map { $0[0] }) == Set(Change.Kind.allCases.map(\.rawValue)))
        for example in UnlockingTests.cases where example.changes.count == 1 {
            let kind = example.changes[0].kind
            let row = [kind.rawValue, kind.isDangerous ? "yes" : "no", example.english[0], example.dutch[0]]
            #expect(tables[1].contains(row), "\(example.english[0])")
        }
    }

    @Test func `The page of reasons lists every phase with its names, in order`() throws {
        let tables = try documentedCodes(in: "reasons.md")
        try #require(tables.count == 3)
        #expect(tables[2] == Phase.allCases.map { [$0.rawValue, $0.name.in(.english), $0.name.in(.dutch)] })
    }
}
