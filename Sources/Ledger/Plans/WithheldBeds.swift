import CareChain
import Postgres

/// The beds that a plan must leave alone: kept for somebody, given for the night, or not reported in time.
struct WithheldBeds {
    private struct Taken: Decodable {
        let unit: String
        var from: Int
        var until: Int
        let beds: Int
        /// The request for which it is kept, when it is a hold for one.
        var request: String?
    }

    private var taken: [String: [Taken]]
    private let stale: Set<String>

    init(within horizon: Horizon, on connection: Connection) async throws {
        let rows: [Taken] = try await connection.list(
            """
            SELECT json_agg(x) FROM (
                SELECT t.unit, lower(t.days) - day.zero AS from, upper(t.days) - day.zero AS until, t.beds, t.request
                FROM (SELECT \(horizon.start)::date AS zero, \(horizon.days)::integer AS days) AS day
                CROSS JOIN LATERAL (
                    SELECT h.unit, h.days, h.beds::integer, h.request::text FROM hold AS h
                    WHERE h.released_at IS NULL AND h.ends_at > ledger_now()
                    UNION ALL
                    SELECT s.unit, s.days, CASE u.count_by WHEN 'request' THEN 1 ELSE count(*) END::integer, NULL
                    FROM stay AS s JOIN request AS r ON r.id = s.request JOIN unit AS u ON u.id = s.unit
                    WHERE r.night GROUP BY s.unit, s.days, s.request, u.count_by) AS t
                WHERE t.days && daterange(day.zero, day.zero + day.days)) AS x
            """)
        taken = Dictionary(grouping: rows, by: \.unit)
        stale = Set(
            try await connection.query("SELECT unit FROM unit_report_age WHERE stale").map { try $0["unit"] })
    }

    /// The stays that requests which still wait would have in the beds that are kept for them: from the first day on
    /// which both are there, as long as they are to last.
    func kept(for requests: [Request], horizonDays: Int) -> [ProposalCheck.Candidate] {
        let holds = Dictionary(grouping: taken.values.joined(), by: \.request)
        return requests.compactMap { request in
            guard request.current == nil, request.committed == nil,
                let hold = holds[request.id.text]?.min(by: { ($0.from, $0.unit) < ($1.from, $1.unit) })
            else { return nil }
            let start = Day(max(request.neededFrom.number, hold.from))
            guard start <= request.latestStart, start.number < hold.until else { return nil }
            let end = request.end(startingOn: start, horizonDays: horizonDays)
            return (
                request.id,
                request.victims.map {
                    Stay(request: request.id, victim: $0, unit: UnitID(hold.unit), from: start, until: end)
                }
            )
        }
    }

    /// The same without what is kept for requests on the days on which they have it.
    func released(for candidates: [ProposalCheck.Candidate]) -> WithheldBeds {
        var left = self
        for (request, stays) in candidates {
            guard let stay = stays.first else { continue }
            left.taken[stay.unit.text] = (left.taken[stay.unit.text] ?? []).flatMap { hold -> [Taken] in
                guard hold.request == request.text else { return [hold] }
                var (before, after) = (hold, hold)
                before.until = min(hold.until, stay.from.number)
                after.from = max(hold.from, stay.until.number)
                return [before, after].filter { $0.from < $0.until }
            }
        }
        return left
    }

    /// A unit with the beds that are left.
    func left(of unit: Unit, cases: [RequestRow]) -> Unit {
        let here = taken[unit.id.text] ?? []
        if stale.contains(unit.id.text) { return unit.withBeds(Self.load(of: unit, cases)) }
        if here.isEmpty { return unit }
        let bounds = Set(unit.beds.steps.map(\.from.number) + here.flatMap { [max(0, $0.from), max(0, $0.until)] })
        return unit.withBeds(
            StepFunction(
                merging: bounds.sorted().map { day in
                    let kept = here.filter { $0.from <= day && day < $0.until }.reduce(0) { $0 + $1.beds }
                    return (day, max(0, unit.beds[Day(day)] - kept))
                }))
    }

    /// The beds that somebody has or will have.
    private static func load(of unit: Unit, _ cases: [RequestRow]) -> StepFunction<Int> {
        let stays = cases.flatMap { row in
            row.stays.filter { $0.unit == unit.id.text && $0.until > 0 }.map { (request: row.id, stay: $0) }
        }
        let bounds = Set([0] + stays.flatMap { [max(0, $0.stay.from), $0.stay.until] })
        return StepFunction(
            merging: bounds.sorted().map { day in
                let there = stays.filter { $0.stay.from <= day && day < $0.stay.until }
                let requests = Set(there.map(\.request)).count
                return (day, CapacityRule.load(victims: there.count, requests: requests, in: unit))
            })
    }
}

extension StepFunction {
    /// Makes the function of values at days, the first of which is 0, without steps that change nothing.
    fileprivate init(merging values: [(day: Int, value: Value)]) {
        var steps: [Step] = []
        for (day, value) in values where steps.last?.value != value { steps.append(Step(from: Day(day), value: value)) }
        self.init(steps)
    }
}

extension Unit {
    /// The same unit with other beds.
    fileprivate func withBeds(_ beds: StepFunction<Int>) -> Unit {
        Unit(
            id: id, shelter: shelter, bedType: bedType, beds: beds, accepts: accepts, services: services,
            mixing: mixing,
            exclusive: exclusive, minGroup: minGroup, maxGroup: maxGroup, countBy: countBy, maxLegDays: maxLegDays,
            dailyCost: dailyCost, scarcity: scarcity)
    }
}
