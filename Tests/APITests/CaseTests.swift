import CareChain
import Foundation
import Ledger
import NIOHTTP1
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct CaseTests {
    /// A case of the coordinator's region, with what the law lets be seen of it.
    private func withCase(keys: Bool = true, _ body: (TestAPI, String) async throws -> Void) async throws {
        try await TestAPI.with { settings in
            if keys { settings.keys = try KeyRing(KeyRing.line(forNewKey: "a")) }
        } _: { api in
            try await api.ledger.add(
                Coverage(region: "north", coordinator: "c1", from: date("2020-01-01")), by: TestAPI.desk)
            try await api.ledger.add(
                LegalBasis(
                    kind: .law, role: .coordinator, categories: DataCategory.allCases, from: date("2020-01-01"),
                    reference: "a law of the test"), as: .program(for: nil))
            try await api.request("a")
            try await body(api, try await api.token(Actor(role: .coordinator, id: "c1")))
        }
    }

    @Test func `A case is told to whoever it is about, by whom it is of, and that is on record`() async throws {
        try await withCase { api, token in
            let told = try await api.send(.GET, "/v1/cases/a-1/export", as: token)
            #expect(told.status == 200, "\(told.text)")
            #expect(told.header("Content-Type") == "application/json")
            #expect(told.text.contains(#""format" : "onderdak-case/1""#))
            let auditor = try await api.token(Actor(role: .auditor, id: "fg"))
            let trail = try await api.send(.GET, "/v1/audit-entries?victim=a-1", as: auditor)
            #expect(try trail.decoded(PageBody<AuditEntryBody>.self).items.contains { $0.action == "export" })
            let stranger = try await api.token(Actor(role: .coordinator, id: "c2"))
            for path in ["/v1/cases/a-1/export", "/v1/cases/none/export"] {
                #expect(try await api.send(.GET, path, as: stranger).problem().code == "not-found", "\(path)")
            }
        }
    }

    @Test func `What is told of a case is of the shape that the document has`() async throws {
        try await withCase { api, token in
            let told = try await api.send(.GET, "/v1/cases/a-1/export", as: token)
            let faults = ShapeProbe.shape(of: CaseExport.self).faults(in: try told.decoded(JSONTree.self))
            #expect(faults.isEmpty, "\(faults)")
        }
    }

    @Test func `Every table about a victim is a section of what is told of a case, with all columns`() async throws {
        try await withLedger { ledger in
            let columns: [String] = try await ledger.pool.query(
                """
                WITH told AS (
                    SELECT c.conrelid AS id FROM pg_constraint AS c
                    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attname = 'victim' AND a.attnum = ANY (c.conkey)
                    WHERE c.contype = 'f' AND c.conrelid <> ALL (ARRAY[
                        'no_contact', 'investigation', 'police_case', 'victim_turn',
                        'confidential.victim_field']::regclass[])
                    UNION SELECT unnest(ARRAY['victim', 'request']::regclass[]))
                SELECT format('%s.%s %s %s', t.id::regclass, a.attname,
                    format_type(CASE k.typtype WHEN 'd' THEN k.typbasetype ELSE k.oid END, NULL),
                    CASE WHEN a.attnotnull OR a.attname = 'victim' THEN 'always' ELSE 'or not' END) AS told
                FROM told AS t JOIN pg_attribute AS a ON a.attrelid = t.id AND a.attnum > 0 AND NOT a.attisdropped
                JOIN pg_type AS k ON k.oid = a.atttypid
                """
            ).map { row in
                let told: String = try row["told"]
                return told.replacing(/bigint|smallint/, with: "integer").replacing("daterange", with: "text")
            }
            let fields = ShapeProbe.shape(of: CaseExport.self).fields.flatMap { section in
                guard case .list(let row) = section.shape, section.name != "audit" else { return [String]() }
                return row.fields.map {
                    "\(section.name).\($0.name) \(Self.type(of: $0.shape)) \($0.isRequired ? "always" : "or not")"
                }
            }
            #expect(fields.sorted() == columns.sorted())
        }
    }

    /// PostgreSQL's type of what JSON has as this.
    private static func type(of shape: Shape) -> String {
        switch shape {
        case .string, .word: "text"
        case .integer: "integer"
        case .boolean: "boolean"
        case .date: "date"
        case .instant: "timestamp with time zone"
        case .list(let element): type(of: element) + "[]"
        case .number, .object: "none"
        }
    }

    @Test func `A server without keys says so`() async throws {
        try await withCase(keys: false) { api, token in
            let told = try await api.send(.GET, "/v1/cases/a-1/export", as: token)
            #expect(try told.problem().code == "not-ready")
        }
    }

    @Test func `A case is erased once it has ended`() async throws {
        try await withCase { api, token in
            let early = try await api.send(.DELETE, "/v1/cases/a-1", as: token)
            #expect(early.status == 409, "\(early.text)")
            #expect(try early.problem().rules?.map(\.rule) == ["case_under_way"])
            _ = try await api.ledger.withdraw("a", reason: "other", by: TestAPI.desk)
            let stranger = try await api.token(Actor(role: .coordinator, id: "c2"))
            let headers = ["Idempotency-Key": "forget"]
            #expect(try await api.send(.DELETE, "/v1/cases/a-1", as: stranger, headers: headers).status == 404)
            for _ in 0..<2 {
                let erased = try await api.send(.DELETE, "/v1/cases/a-1", as: token, headers: headers)
                #expect(erased.status == 200, "\(erased.text)")
                #expect(try erased.decoded(ErasureBody.self).blankedRuns == [])
            }
            #expect(try await api.send(.DELETE, "/v1/cases/a-1", as: token).status == 404)
            let other = try await api.send(.DELETE, "/v1/cases/b-1", as: token, headers: headers)
            #expect(try other.problem().code == "key-reused")
            // What was answered, which is kept with the key, names neither the old identifier nor the new one; who erased it is on
            // record.
            let kept: [String] = try await api.ledger.pool.query(
                "SELECT result::text AS result FROM command WHERE kind = 'case-erase'"
            ).map { try $0["result"] }
            #expect(kept == ["[]"])
            let auditor = try await api.token(Actor(role: .auditor, id: "fg"))
            let trail = try await api.send(.GET, "/v1/audit-entries?victim=a-1", as: auditor)
                .decoded(PageBody<AuditEntryBody>.self).items
            #expect(trail.first { $0.action == "erase" }?.actor == "service/coordinator/c1")
        }
    }

    @Test func `Nobody erases what is not theirs to erase, though the program could`() async throws {
        try await withCase { api, _ in
            _ = try await api.ledger.withdraw("a", reason: "other", by: TestAPI.desk)
            for actor in [Actor(role: .coordinator, id: "c2"), TestAPI.shelter, Actor(role: .funder, id: "f")] {
                let error = await #expect(throws: LedgerError.self) {
                    try await api.ledger.erase(case: "a-1", by: actor, key: nil)
                }
                #expect(["case_erase", "not-granted"].contains(error?.code), "\(actor)")
            }
        }
    }
}
