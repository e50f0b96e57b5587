import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct DeskTimeTests {
    @Test func `The holidays are those of the Dutch law on terms`() async throws {
        try await withLedger { ledger in
            let days: [String] = try await ledger.pool.query(
                "SELECT day::text AS day FROM holiday WHERE day >= '2026-01-01' AND day < '2027-01-01' ORDER BY day"
            ).map { try $0["day"] }
            #expect(
                days == [
                    "2026-01-01", "2026-04-03", "2026-04-06", "2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25",
                    "2026-12-25", "2026-12-26",
                ])
            // The King's birthday of a Sunday is celebrated on Saturday.
            let king: [String] = try await ledger.pool.query(
                "SELECT day::text AS day FROM holiday WHERE name = 'Koningsdag' AND extract(year FROM day) IN (2025, 2031)"
            ).map { try $0["day"] }
            #expect(Set(king) == ["2025-04-26", "2031-04-26"])
        }
    }

    @Test func `Only the hours of the desk count, in its own zone, over weekends and the change of summer time`()
        async throws
    {
        try await withLedger { ledger in
            for (start, hours, end) in [
                ("2026-01-05 12:00+01", 2, "2026-01-05T13:00:00Z"), ("2026-01-05 16:30+01", 1, "2026-01-06T08:30:00Z"),
                ("2026-01-09 16:00+01", 8, "2026-01-12T15:00:00Z"), ("2026-01-10 12:00+01", 1, "2026-01-12T09:00:00Z"),
                // Clocks go forward in the night of Sunday 29 March.
                ("2026-03-27 16:00+01", 2, "2026-03-30T08:00:00Z"), ("2026-12-24 16:00+01", 8, "2026-12-28T15:00:00Z"),
            ] {
                let due: Date = try await ledger.pool.query(
                    "SELECT desk_deadline(\(start)::timestamptz, make_interval(hours => \(hours)::integer)) AS due"
                ).one()["due"]
                #expect(due.ISO8601Format() == end, "\(start)")
            }
        }
    }

    @Test func `What is overdue is so by its deadline, whichever way it is reckoned`() async throws {
        try await withLedger { ledger in
            // Christmas, a weekend, evenings and mornings.
            let compared = try await ledger.pool.query(
                """
                WITH span AS (SELECT unnest('{1 hour,8 hours,80 hours}'::interval[]) AS span
                ), instant AS (
                    SELECT '2025-12-19 06:00+01'::timestamptz + n * interval '211 minutes' AS at FROM generate_series(0, 250) AS n
                ), forwards AS MATERIALIZED (
                    SELECT s.span, i.at AS start, desk_deadline(i.at, s.span) AS due FROM span AS s CROSS JOIN instant AS i
                ), backwards AS MATERIALIZED (
                    SELECT s.span, i.at AS moment, desk_since(i.at, s.span) AS since FROM span AS s CROSS JOIN instant AS i
                )
                SELECT count(*) FILTER (WHERE (f.due <= b.moment) <> (f.start <= b.since)) AS different,
                    count(*) FILTER (WHERE f.due <= b.moment) AS late
                FROM forwards AS f JOIN backwards AS b ON b.span = f.span
                """
            ).one()
            #expect(try compared["different"] == 0)
            #expect(try compared["late", as: Int.self] > 10_000)
        }
    }
}
