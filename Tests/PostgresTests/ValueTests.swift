import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct Values {
    @Test func `of every type come back from PostgreSQL as they went`() async throws {
        try await withConnection { connection in
            try await expectRoundTrip([Int.min, -1, 0, 1, Int.max], "bigint", connection)
            try await expectRoundTrip([true, false], "boolean", connection)
            try await expectRoundTrip(["", " ", "é 😀 \u{FEFF}", "NULL", "'\"\\{},\n\r\t", "$1"], "text", connection)
            let doubles = [0.1, -0.0, 1e-300, .greatestFiniteMagnitude, .infinity, -.infinity]
            try await expectRoundTrip(doubles, "double precision", connection)
            try await expectRoundTrip([Data(), Data(0...255), Data([0])], "bytea", connection)
            try await expectRoundTrip([UUID(), UUID()], "uuid", connection)
            let instants = [
                0, 0.000001, -0.000001, 1e9 + 0.123456, -62_135_596_800, 253_402_300_799.999999, 951_782_400,
            ]
            .map { Date(timeIntervalSinceReferenceDate: ((($0 - 978_307_200) * 1e6).rounded()) / 1e6) }
            try await expectRoundTrip(instants, "timestamptz", connection)
            try await expectRoundTrip([JSONText(postgresText: #"{"a": [1, null, "é"]}"#)], "jsonb", connection)
            try await expectRoundTrip([Level(postgresText: "high")].compacted(), "text", connection)
            let notANumber: Double = try await connection.query("select \(Double.nan)").one()[0]
            #expect(notANumber.isNaN)
        }
    }

    /// Alone, as an Optional, in an array, and in an array with NULL; and as PostgreSQL itself compares them.
    private func expectRoundTrip<Value: PostgresValue & Equatable>(
        _ values: [Value], _ type: String, _ connection: Connection
    ) async throws {
        for value in values {
            let row = try await connection.query(
                "select \(value)::\(unsafe: type) as given, null::\(unsafe: type) as missing"
            ).one()
            #expect(try row["given"] == value)
            #expect(try row[0] == Optional(value))
            #expect(try row["missing", as: Value?.self] == nil)
            #expect(try await connection.query("select \(value)").one()[0] == value)
        }
        let withNull: [Value?] = [nil] + values + [nil]
        let row = try await connection.query(
            """
            select \(values)::\(unsafe: type)[] as given, \(withNull)::\(unsafe: type)[] as with_null,
                   (select array_agg(v order by i) from unnest(\(values)::\(unsafe: type)[]) with ordinality as t (v, i)) as unnested,
                   \([Value]())::\(unsafe: type)[] as empty, \(nil as [Value]?)::\(unsafe: type)[] as missing
            """
        ).one()
        #expect(try row["given"] == values)
        #expect(try row["with_null"] == withNull)
        #expect(try row["unnested"] == values)
        #expect(try row["empty"] == [Value]())
        #expect(try row["missing", as: [Value]?.self] == nil)
    }

    @Test func `need no cast where columns are given as arrays`() async throws {
        try await withConnection { connection in
            let rows = try await connection.query(
                """
                select * from unnest(\(["a", "b"]), \([1, nil]), \([true, false]), \([nil as Double?, 0.5]))
                    as t (name, beds, open, share)
                """)
            #expect(try rows.map { try $0["name", as: String.self] } == ["a", "b"])
            #expect(try rows.map { try $0["beds", as: Int?.self] } == [1, nil])
            #expect(try rows.map { try $0["open", as: Bool.self] } == [true, false])
            #expect(try rows.map { try $0["share", as: Double?.self] } == [nil, 0.5])
        }
    }

    @Test func `of instants agree with PostgreSQL, whatever the session's time zone`() async throws {
        try await withConnection { connection in
            let instant = Date(timeIntervalSince1970: 1_767_225_599.25)
            let row = try await connection.query("select \(instant)::text as text, \(instant) as value").one()
            #expect(try row["text"] == "2025-12-31 23:59:59.25+00")
            for zone in ["Europe/Amsterdam", "America/St_Johns", "Asia/Kathmandu"] {
                try await connection.query("select set_config('TimeZone', \(zone), false)")
                #expect(try await connection.query("select \(instant)").one()[0] == instant)
            }
        }
    }

    @Test func `that PostgreSQL has no such type for are refused by it, not by a crash`() async throws {
        try await withConnection { connection in
            for instant in [Date(timeIntervalSince1970: .infinity), Date(timeIntervalSince1970: 1e300)] {
                await #expect(throws: PostgresError.self) { try await connection.query("select \(instant)") }
            }
            await #expect(throws: PostgresError.self) { try await connection.query("select \([[1, 2], [3]])::int[]") }
        }
    }

    @Test func `are read by name and by position, with errors that name column, type and place only`() async throws {
        try await withConnection { connection in
            let rows = try await connection.query("select 'secret' as a, null::int as b, 1 as c, 2 as c", line: 42)
            let row = try rows.one()
            #expect(rows.columns == ["a", "b", "c", "c"])
            #expect(try row[3] == 2)
            expect("column \"a\" does not hold a value of its type; expected Int") { try row["a", as: Int.self] }
            expect("column \"b\" is NULL; expected Int") { try row["b", as: Int.self] }
            expect("there is no column \"d\" among a, b, c, c") { try row["d", as: Int.self] }
            expect("there are two columns \"c\"") { try row["c", as: Int.self] }
            expect("there is no column 4 among 4") { try row[4, as: Int.self] }
            let none = try await connection.query("select 1 where false", line: 42)
            expect("one row is expected, there are 0") { try none.one() }
        }

        func expect<Value>(_ reason: String, _ read: () throws -> Value) {
            let error = #expect(throws: PostgresError.self) { _ = try read() }
            #expect(error == .decoding(place: "PostgresTests/ValueTests.swift:42", reason: reason))
        }
    }

    @Test(arguments: [
        "{", "}", "{1", "1}", "{1,}", "{,1}", "{{1},{2}}", "[0:1]={1,2}", "{\"1}", "{1}2", "{x}", "{}}", "",
    ])
    func `of broken array literals are refused`(_ literal: String) {
        #expect([Int](postgresText: literal) == nil)
    }

    @Test(arguments: [
        "2026-01-01", "2026-01-01 00:00:00", "infinity", "0044-03-15 00:00:00+00 BC", "", "2026-01-01 00:00:00.+00",
    ])
    func `of other texts are no instants`(_ text: String) {
        #expect(Date(postgresText: text) == nil)
    }

    @Test(arguments: ["", "00", "\\x0", "\\x0g", "\\x+1", "\\000"])
    func `of other texts are no bytes`(_ text: String) {
        #expect(Data(postgresText: text) == nil)
    }
}

/// A type that another module makes storable.
private enum Level: String, PostgresValue {
    case low, high
    var postgresText: String { rawValue }
    init?(postgresText: String) { self.init(rawValue: postgresText) }
}

extension Array {
    fileprivate func compacted<Value>() -> [Value] where Element == Value? { compactMap(\.self) }
}

/// Runs `body` with a connection to an empty database of its own.
func withConnection<Success>(_ body: (Connection) async throws -> Success) async throws -> Success {
    try await withDatabase { options in
        let connection = try await Connection.open(options)
        let success = try await body(connection)
        await connection.close()
        return success
    }
}
