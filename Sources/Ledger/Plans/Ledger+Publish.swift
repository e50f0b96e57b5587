import CareChain
import Postgres

/// What became of a run's proposals.
public struct Publication: Sendable, Equatable, Codable {
    /// A proposal that was not published, and why.
    public struct Dropped: Sendable, Equatable, Codable {
        /// The request.
        public let request: String
        /// The code of the rule that it would break by now, or `request`: it does not wait for a place any more.
        public let reason: String
    }

    /// The requests for which a place is proposed.
    public let published: [String]
    /// The requests for which there is none; their need is on record as unmet.
    public let unplaced: [String]
    /// The proposals that what has changed since has overtaken.
    public let dropped: [Dropped]
}

extension Ledger {
    /// Puts a run's proposals before people, once.
    ///
    /// The facts they rest on are looked at again: a proposal is dropped when its request no longer waits, when somebody
    /// should have come or moved before today, or when, beside all that is decided by now and the proposals before it, it would
    /// break a rule.
    ///
    /// - Throws: ``LedgerError``; `noSuchRun`.
    public func publish(_ run: Int, by actor: Actor, key: String? = nil) async throws(LedgerError) -> Publication {
        try await step("run-publish", by: actor, key: key, asked: [String(run)]) { connection in
            try Self.check(actor, is: [.desk], for: "publishes plans")
            guard
                let row = try await connection.query("SELECT start_date, days FROM plan_run WHERE id = \(run)").first
            else { throw LedgerError.noSuchRun(run) }
            let fresh: Bool = try await connection.query(
                """
                SELECT NOT EXISTS (
                    SELECT FROM proposal WHERE run = \(run) AND (published_at IS NOT NULL OR dropped IS NOT NULL)) AS fresh
                """
            ).one()["fresh"]
            guard fresh else {
                throw LedgerError.notNow(
                    rule: RefusalCode.published.rawValue,
                    Sentence(
                        english: "run \(run) was published already", dutch: "plan \(run) is al gepubliceerd"))
            }
            let horizon = Horizon(start: try row["start_date"], days: try row["days"])
            let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
            let now = try await Self.instance(over: horizon, name: "run-\(run)", on: connection)
            let states = try await Self.states(ofProposalsOf: run, on: connection)
            let proposals = try await Self.proposals(of: run, ListOrder("proposals").start(.all), on: connection)
            let waits = { (request: RequestID) in
                states[request.text] != nil && now.requestIndex[request].map { !now.requests[$0].isFixed } ?? false
            }
            let broken = try ProposalCheck.broken(
                by: proposals.filter { waits($0.request) }.compactMap { $0.stays(in: now.horizon) }, in: now)
            var dropped: [Publication.Dropped] = []
            var published: [String] = []
            var unplaced: [String] = []
            for proposal in proposals {
                let request = proposal.request
                guard let state = states[request.text], waits(request) else {
                    dropped.append(.init(request: request.text, reason: "request"))
                    continue
                }
                switch proposal.outcome {
                case .stays(let stays):
                    // Who is placed was where they are before the plan began.
                    let isOver = stays.contains {
                        $0.from < today && (state != .placed || $0.from > horizon.start)
                    }
                    if let rule = broken[request] ?? (isOver ? .timing : nil) {
                        dropped.append(.init(request: request.text, reason: rule.rawValue))
                        continue
                    }
                    published.append(request.text)
                    if state != .placed, state != .offered, state != .proposed {
                        try await Self.move(request, to: .proposed, on: connection)
                    }
                case .unplaced:
                    unplaced.append(request.text)
                    if state == .submitted || state == .proposed {
                        try await Self.move(request, to: .unplaced, on: connection)
                    }
                }
            }
            try await Self.record(
                published: published, unplaced: unplaced, dropped, of: run, on: max(horizon.start, today), connection)
            return Publication(published: published, unplaced: unplaced, dropped: dropped)
        }
    }

    /// The states of the requests that a run proposes something for and that still wait, or are placed and to be moved.
    private static func states(
        ofProposalsOf run: Int, on connection: Connection
    ) async throws -> [String: RequestState] {
        let rows = try await connection.query(
            """
            SELECT r.id, r.state FROM proposal AS p JOIN request AS r ON r.id = p.request
            WHERE p.run = \(run) AND (r.state IN ('submitted', 'unplaced', 'proposed', 'offered')
                OR r.state = 'placed' AND r.transfer_wanted)
            """)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0["id"], try $0.state("state")) })
    }

    private static func record(
        published: [String], unplaced: [String], _ dropped: [Publication.Dropped], of run: Int, on day: CalendarDate,
        _ connection: Connection
    ) async throws {
        try await connection.query(
            """
            UPDATE proposal SET published_at = ledger_now()
            WHERE run = \(run) AND request = ANY (\(published + unplaced)::text[])
            """)
        try await connection.query(
            """
            UPDATE proposal AS p SET dropped = d.reason
            FROM unnest(\(dropped.map(\.request)), \(dropped.map(\.reason))) AS d(request, reason)
            WHERE p.run = \(run) AND p.request = d.request
            """)
        // The last plan of a day counts.
        try await connection.query("DELETE FROM unmet_need WHERE day = \(day) AND request = ANY (\(published)::text[])")
        try await connection.query(
            """
            INSERT INTO unmet_need (day, request, run, victims, urgency)
            SELECT \(day)::date, r.id, \(run), (SELECT count(*) FROM request_victim AS v WHERE v.request = r.id), r.urgency
            FROM request AS r WHERE r.id = ANY (\(unplaced)::text[]) AND r.needed_from <= \(day)::date
            ON CONFLICT (day, request) DO UPDATE SET run = excluded.run
            """)
        try await connection.query(
            """
            SELECT emit('run-published', jsonb_build_object(
                'run', \(run)::bigint, 'published', \(published.count)::integer, 'unplaced', \(unplaced.count)::integer,
                'dropped', \(dropped.count)::integer))
            """)
    }
}

extension Proposal {
    /// The stays that it proposes, counted in days of a horizon; nil: none.
    fileprivate func stays(in horizon: Horizon) -> ProposalCheck.Candidate? {
        guard case .stays(let stays) = outcome else { return nil }
        return (
            request,
            stays.map {
                Stay(
                    request: request, victim: $0.victim, unit: $0.unit, from: horizon.day(of: $0.from),
                    until: horizon.day(of: $0.until))
            }
        )
    }
}
