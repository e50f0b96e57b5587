import CareChain
import Countries
import Postgres

extension Ledger {
    /// Writes what a country's desk goes by; a weekday that it no longer names is one on which the desk is closed.
    static func write(_ desk: Country.Desk, on connection: Connection) async throws -> [WrittenRow] {
        let policy: [WrittenRow] = try await connection.list(
            """
            WITH given AS (
                SELECT \(desk.zone)::text AS zone, \(desk.emergencyNights)::smallint AS nights,
                    \(desk.groupSize)::smallint AS size, \(desk.groupNoticeDays)::smallint AS notice,
                    \(desk.groupFixDays)::smallint AS fix,
                    make_interval(hours => \(desk.reportAgeHours as Int?)::integer) AS age
            ), written AS (
                UPDATE desk_policy AS p SET
                    zone = g.zone, emergency_nights = g.nights, group_size = g.size, group_notice_days = g.notice,
                    group_fix_days = g.fix, report_age = g.age
                FROM given AS g
                WHERE (p.zone, p.emergency_nights, p.group_size, p.group_notice_days, p.group_fix_days, p.report_age)
                    IS DISTINCT FROM (g.zone, g.nights, g.size, g.notice, g.fix, g.age)
                RETURNING 'policy' AS id, false AS added)
            SELECT json_agg(written) FROM written
            """)
        let hours: [WrittenRow] = try await connection.list(
            """
            WITH given AS MATERIALIZED (
                SELECT * FROM jsonb_to_recordset(\(JSONText(rows: desk.hours.map(HoursRow.init))))
                    AS g(weekday smallint, opens time, closes time)
            ), closed AS (
                DELETE FROM desk_hours AS h WHERE NOT EXISTS (SELECT FROM given AS g WHERE g.weekday = h.weekday)
                RETURNING weekday::text AS id, false AS added
            ), written AS (
                INSERT INTO desk_hours AS old (weekday, opens, closes) SELECT weekday, opens, closes FROM given
                ON CONFLICT (weekday) DO UPDATE SET opens = excluded.opens, closes = excluded.closes
                WHERE (old.opens, old.closes) <> (excluded.opens, excluded.closes)
                RETURNING weekday::text AS id, xmax = 0 AS added)
            SELECT json_agg(rows) FROM (SELECT * FROM closed UNION ALL SELECT * FROM written) AS rows
            """)
        let deadlines: [WrittenRow] = try await connection.list(
            """
            WITH written AS (
                INSERT INTO deadline AS old (task, urgency, span, desk_time)
                SELECT task, urgency, make_interval(hours => hours), desk_time
                FROM jsonb_to_recordset(\(JSONText(rows: desk.deadlines.map(DeadlineRow.init))))
                    AS d(task text, urgency text, hours integer, desk_time boolean)
                ON CONFLICT (task, urgency) DO UPDATE SET span = excluded.span, desk_time = excluded.desk_time
                WHERE (old.span, old.desk_time) <> (excluded.span, excluded.desk_time)
                RETURNING task || ' ' || urgency AS id, xmax = 0 AS added)
            SELECT json_agg(written) FROM written
            """)
        return policy + hours + deadlines
    }
}

private struct HoursRow: Encodable {
    let weekday: Int
    let opens: String
    let closes: String

    init(_ hours: Country.Hours) {
        weekday = hours.weekday
        opens = hours.opens
        closes = hours.closes
    }
}

private struct DeadlineRow: Encodable {
    let task: String
    let urgency: String
    let hours: Int
    let deskTime: Bool

    init(_ deadline: Country.Deadline) {
        task = deadline.task.rawValue
        urgency = deadline.urgency.rawValue
        hours = deadline.hours
        deskTime = deadline.deskTime
    }
}
