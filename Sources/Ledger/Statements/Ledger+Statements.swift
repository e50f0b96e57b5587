public import CareChain
import Postgres

extension Ledger {
    /// What each payer paid over some months, and the days that nobody paid, by month.
    ///
    /// It follows from the rule of payers (`problem.md`; ``CareChain/FundingRule``) over where people really were: stays as
    /// they were moved and ended, until yesterday. Nothing is fixed when a place is agreed on, so that what becomes known
    /// later (a phase, a registration, an earlier end) counts, for earlier months too. Days that were on record as paid when
    /// a victim was taken in (`paid_days`) have no month and are in no statement, but count for the limits of days.
    ///
    /// - Parameters:
    ///   - funder: Only the lines of this funder.
    ///   - actor: Desk: all lines; a funder: its own; governor: all of five victims and more, rounded.
    /// - Throws: ``LedgerError``; `notAllowed` for others.
    public func statement(
        over months: ClosedRange<Month>, funder: FunderID? = nil, as actor: Actor
    ) async throws(LedgerError) -> [StatementLine] {
        try Self.check(actor, is: [.desk, .funder, .governor], for: "reads statements")
        if actor.role == .funder, let funder, funder.text != actor.id {
            throw .notAllowed(.notOwnStatement, "\(actor) reads its own statement only")
        }
        let only = actor.role == .funder ? actor.id : funder?.text
        // By the program: a funder learns sums, and not of whom.
        let lines: [StatementLine] = try await transaction(
            .repeatableRead, readOnly: true, as: .program(for: actor)
        ) { connection in
            let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
            // To who governs, a month counts once it is over.
            let last = actor.role == .governor ? Month(of: today).first : today
            let end = min(months.upperBound.next.first, last)
            guard months.lowerBound.first < end else { return [] }
            return try await Self.statement(
                over: months, until: end, protected: actor.role == .governor, on: connection)
        }
        return lines.filter { only == nil || $0.funder == only }
    }

    private static func statement(
        over months: ClosedRange<Month>, until end: CalendarDate, protected: Bool, on connection: Connection
    ) async throws -> [StatementLine] {
        let stays: [StayRow] = try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT s.victim, s.unit, lower(s.days) - day.zero AS from, upper(s.days) - day.zero AS until, s.moves_made,
                    s.arrived
                FROM stay AS s CROSS JOIN (SELECT \(end)::date AS zero) AS day
                WHERE lower(s.days) < day.zero AND s.victim IN (
                    SELECT t.victim FROM stay AS t WHERE t.days && daterange(\(months.lowerBound.first)::date, day.zero))
                ORDER BY s.victim, s.days) AS x
            """)
        let units = try await units(from: end, on: connection)
        let funders = try await funders(from: end, on: connection)
        let history = PaymentHistory(
            until: end, funders: funders, shelters: try await shelters(on: connection), units: units)
        let costs = Dictionary(units.map { ($0.id, $0.dailyCost) }) { first, _ in first }
        let staysOf = Dictionary(grouping: stays, by: \.victim)
        var tally = PayerTally(over: months, until: end)
        let horizon = Horizon(start: end, days: 1)
        for row in try await victims(staysOf.keys.sorted(), within: horizon, on: connection) {
            _ = try history.walk(row, stays: staysOf[row.id] ?? []) { payer, unit, days in
                tally.add(days, payer: payer, dailyCost: costs[unit] ?? 0, victim: row.id)
            }
        }
        return tally.lines(of: funders, protected: protected)
    }
}
