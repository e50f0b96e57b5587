public import CareChain
import Foundation
import Postgres

extension Ledger {
    /// Takes a request in.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - actor: Who makes it: desk, coordinator, police or guardian.
    ///   - key: The caller's key; the same key does it once.
    /// - Returns: The state in which it is.
    /// - Throws: ``LedgerError``; `refused` when a victim is in another request that is not over.
    @discardableResult
    public func add(_ request: NewRequest, by actor: Actor, key: String? = nil) async throws(LedgerError)
        -> RequestState
    {
        guard !request.victims.isEmpty else {
            throw .invalid(
                english: "a request has at least one victim", dutch: "een verzoek is voor minstens één slachtoffer")
        }
        let asked = [String(describing: request)]
        return try await step("request-add", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .police, .guardian], for: "makes requests")
            let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
            try await Self.addVictims(request.newVictims, from: today, by: actor, on: connection)
            // A request begins as a draft; submitting it is a step, made by somebody who may.
            try await connection.query(
                """
                INSERT INTO request (
                    id, together, urgency, known_from, needed_from, latest_start, stay_days, preferred_region,
                    transfer_wanted, state, region, referred_by)
                VALUES (
                    \(request.id.text), \(request.together.rawValue), \(request.urgency.rawValue),
                    least(\(today)::date, \(request.neededFrom)::date), \(request.neededFrom), \(request.latestStart),
                    \(request.stayDays), \(request.preferredRegion?.text as String?), false, 'draft',
                    \(request.region?.text as String?), \(request.referredBy ?? actor))
                """)
            try await connection.query(
                """
                INSERT INTO request_victim (request, victim)
                SELECT \(request.id.text), unnest(\(request.victims.map(\.text)))
                """)
            if request.draft { return .draft }
            try await Self.move(request.id, to: .submitted, on: connection)
            return .submitted
        }
    }

    /// Submits a draft.
    ///
    /// - Throws: ``LedgerError``
    public func submit(_ request: RequestID, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("request-submit", by: actor, key: key, asked: [request.text]) { connection in
            try await Self.check(actor, dealsWith: request, on: connection)
            try await Self.move(request, from: .draft, to: .submitted, on: connection)
            return true
        }
    }

    /// Takes a request back: what was offered or agreed on for it is cancelled.
    ///
    /// - Throws: ``LedgerError``
    public func withdraw(
        _ request: RequestID, reason: String, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        _ = try await step("request-withdraw", by: actor, key: key, asked: [request.text, reason]) { connection in
            try await Self.check(actor, dealsWith: request, on: connection)
            try await Self.move(request, to: .withdrawn, reason: reason, on: connection)
            return true
        }
    }

    /// The requests in some states, the most urgent and oldest first.
    ///
    /// - Parameters:
    ///   - states: The states; empty: those that wait for a place.
    ///   - overdueOnly: Whether only those that wait too long.
    /// - Throws: ``LedgerError``
    public func requests(
        in states: [RequestState] = [], overdueOnly: Bool = false, as actor: Actor
    ) async throws(LedgerError) -> [RequestSummary] {
        try await requests(RequestFilter(states: states, overdueOnly: overdueOnly), .all, as: actor).elements
    }

    /// A page of the requests, the most urgent and oldest first.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func requests(
        _ filter: RequestFilter, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<RequestSummary> {
        let order = ListOrder("requests", .number, .date, .text)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.summaries(nil, filter, start, on: $0) }
        return order.page(found, page) { [String($0.urgencyRank), $0.neededFrom.description, $0.id] }
    }

    /// A request as it is listed, for whoever sees it at all.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func summary(of id: RequestID, as actor: Actor) async throws(LedgerError) -> RequestSummary {
        let start = try ListOrder("requests").start(.all)
        let found = try await view(as: actor) {
            try await Self.summaries(id.text, RequestFilter(states: RequestState.allCases), start, on: $0).first
        }
        guard let found else { throw .noSuch(kind: .request, id: id.text) }
        return found
    }

    /// A request with all that has come of it; what plans had to say of it the desk and its coordinator are told.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func request(_ id: RequestID, as actor: Actor) async throws(LedgerError) -> RequestRecord {
        try await view(as: actor) { connection in
            guard
                let summary = try await Self.summaries(
                    id.text, RequestFilter(states: RequestState.allCases), ListOrder("requests").start(.all),
                    on: connection
                ).first
            else { throw LedgerError.noSuch(kind: .request, id: id.text) }
            let victims = try await connection.query(
                "SELECT victim FROM request_victim WHERE request = \(id.text) ORDER BY victim")
            let steps = try await connection.query(
                """
                SELECT at, from_state, to_state, reason, actor FROM request_event WHERE request = \(id.text) ORDER BY id
                """)
            // What plans had to say is for those who plan.
            let unmet =
                [.desk, .coordinator].contains(actor.role)
                ? try await connection.query(
                    """
                    SELECT u.day, ARRAY(
                        SELECT detail || ' [' || code || ']' FROM proposal_reason AS p
                        WHERE p.run = u.run AND p.request = u.request ORDER BY position) AS reasons
                    FROM unmet_need AS u WHERE u.request = \(id.text) ORDER BY day
                    """
                ).map { RequestRecord.UnmetDay(day: try $0["day"], reasons: try $0["reasons"]) } : []
            let offers = try await connection.query("SELECT id FROM offer WHERE request = \(id.text) ORDER BY id")
            let outflow = try await connection.query(
                """
                SELECT o.ready_since, o.pass_received, o.registered, o.house_found, b.cause, lower(b.days) AS since
                FROM outflow AS o
                LEFT JOIN outflow_block AS b ON b.request = o.request AND b.days @> ledger_today()
                WHERE o.request = \(id.text)
                """
            ).first
            return RequestRecord(
                summary: summary, victims: try victims.map { try $0["victim"] },
                steps: try steps.map { row in
                    RequestRecord.Step(
                        at: try row["at"],
                        from: (try row["from_state"] as String?).flatMap(RequestState.init(rawValue:)),
                        to: try row.state("to_state"), reason: try row["reason"], actor: try row["actor"])
                },
                stays: try await Self.stays(of: id, on: connection),
                unmet: unmet,
                offers: try offers.map { try $0["id"] },
                outflow: try outflow.map { row in
                    RequestRecord.Outflow(
                        readySince: try row["ready_since"], passReceived: try row["pass_received"],
                        registered: try row["registered"], houseFound: try row["house_found"],
                        blockedBy: try row["cause"], blockedSince: try row["since"])
                })
        }
    }

    // MARK: - Statements

    /// Makes a step of a request, from one state or from any; the schema knows which there are and for whom.
    static func move(
        _ request: RequestID, from: RequestState? = nil, to state: RequestState, reason: String? = nil,
        on connection: Connection
    ) async throws {
        let moved = try await connection.query(
            """
            UPDATE request SET state = \(state.rawValue), state_reason = \(reason as String?)
            WHERE id = \(request.text) AND state <> \(state.rawValue)
                AND (\(from?.rawValue as String?)::text IS NULL OR state = \(from?.rawValue as String?))
            """)
        if moved.affected == 1 { return }
        let known = try await connection.query("SELECT state FROM request WHERE id = \(request.text)").first
        guard let known else { throw LedgerError.noSuch(kind: .request, id: request.text) }
        let now = try known.state("state")
        let sentence =
            now == state
            ? Sentence(
                english: "request \"\(request)\" is \(now.rawValue) already",
                dutch: "verzoek \"\(request)\" is al \(now.rawValue)")
            : Sentence(
                english: "request \"\(request)\" is \(now.rawValue)"
                    + (from.map { ", and this is for one that is \($0.rawValue)" } ?? ""),
                dutch: "verzoek \"\(request)\" is \(now.rawValue)"
                    + (from.map { ", en dit is voor een dat \($0.rawValue) is" } ?? ""))
        throw LedgerError.notNow(rule: "request_legal_step", sentence)
    }

    /// Checks that a request is one that an actor deals with (`request_concerns`).
    static func check(_ actor: Actor, dealsWith request: RequestID, on connection: Connection) async throws {
        let row = try await connection.query(
            """
            SELECT EXISTS (SELECT FROM request WHERE id = \(request.text)) AS known,
                request_concerns(\(request.text), \(actor)) AS concerned
            """
        ).one()
        guard try row["known"] else { throw LedgerError.noSuch(kind: .request, id: request.text) }
        guard try row["concerned"] else {
            throw LedgerError.notAllowed(
                .notOwnCase, "\(actor) may not do this: request \"\(request)\" is no case of theirs")
        }
    }

    static func check(_ actor: Actor, is roles: [Role], for what: String) throws(LedgerError) {
        if !roles.contains(actor.role) {
            let names = roles.map(\.rawValue).joined(separator: ", ")
            throw .notAllowed(.role, "\(actor) may not do this: one of \(names) \(what)")
        }
    }

    /// Adds victims whom the ledger does not know; those whom the police bring are cases of theirs.
    static func addVictims(
        _ victims: [NewVictim], from date: CalendarDate, by actor: Actor, on connection: Connection
    ) async throws {
        let written = try await addVictims(victims.map { VictimRow($0.victim) }, from: date, on: connection)
        if written.count != victims.count {
            let known = Set(victims.map(\.victim.id.text)).subtracting(written.map(\.id)).sorted()
            throw LedgerError.invalid(
                english: "the ledger knows victim \"\(known.first ?? "")\" already: name the pseudonym only",
                dutch: "slachtoffer \"\(known.first ?? "")\" is al bekend: noem alleen het pseudoniem")
        }
        for victim in victims {
            let id = victim.victim.id.text
            if let guardian = victim.guardian {
                guard date < victim.victim.birthDate.reaching(age: 18) else {
                    throw LedgerError.invalid(
                        english: "victim \"\(id)\" is of age and has no guardian",
                        dutch: "slachtoffer \"\(id)\" is meerderjarig en heeft geen voogd")
                }
                try await connection.query(
                    """
                    INSERT INTO guardianship (victim, guardian, days) VALUES (
                        \(id), \(guardian),
                        daterange(\(date)::date, \(victim.victim.birthDate.reaching(age: 18))::date))
                    """)
            }
            if actor.role == .police {
                try await connection.query(
                    "INSERT INTO police_case (victim, police, days) VALUES (\(id), \(actor.id), daterange(\(date)::date, NULL))"
                )
            }
            if let until = victim.courtOrderUntil {
                try await connection.query(
                    """
                    INSERT INTO court_order (victim, days)
                    VALUES (\(id), daterange(\(date)::date, \(until)::date, '[]'))
                    """)
            }
        }
    }

    static func summaries(
        _ id: String?, _ filter: RequestFilter, _ start: ListStart, on connection: Connection
    ) async throws -> [RequestSummary] {
        let states = filter.states.isEmpty ? RequestFilter.waiting : filter.states
        return try await connection.query(
            """
            -- What is too late is reckoned once for each urgency; each deadline takes the desk's hours day by day.
            WITH late AS MATERIALIZED (
                SELECT d.urgency,
                    CASE WHEN d.desk_time THEN desk_since(ledger_now(), d.span) ELSE ledger_now() - d.span END AS since
                FROM deadline AS d WHERE d.task = 'place')
            SELECT r.id, r.version, r.state, r.state_since, r.urgency, r.needed_from, r.latest_start, r.stay_days, r.region,
                (SELECT count(*) FROM request_victim AS v WHERE v.request = r.id) AS victims,
                CASE WHEN late.urgency IS NOT NULL THEN due('place', r.urgency, r.submitted_at) END AS due,
                coalesce(r.submitted_at <= late.since, false) AS overdue
            FROM request AS r
            LEFT JOIN late ON late.urgency = r.urgency AND r.state = ANY (\(RequestFilter.waiting.map(\.rawValue))::text[])
            WHERE (\(id as String?)::text IS NULL OR r.id = \(id as String?))
                AND r.state = ANY (\(states.map(\.rawValue))::text[])
                AND (\(filter.region?.text as String?)::text IS NULL OR r.region = \(filter.region?.text as String?))
                AND (\(filter.urgency?.rawValue as String?)::text IS NULL OR r.urgency = \(filter.urgency?.rawValue as String?))
                AND (\(filter.victim?.text as String?)::text IS NULL OR r.id IN (
                    SELECT v.request FROM request_victim AS v WHERE v.victim = \(filter.victim?.text as String?)))
                AND (NOT \(filter.overdueOnly)::boolean OR r.submitted_at <= late.since)
                AND (\(start.isFirst)::boolean OR (urgency_rank(r.urgency), r.needed_from, r.id)
                    > (\(start.number(0) as Int?)::integer, \(start.date(1) as CalendarDate?)::date,
                        \(start.text(2) as String?)::identifier))
            ORDER BY urgency_rank(r.urgency), r.needed_from, r.id LIMIT \(start.rows as Int?)
            """
        ).map { row in
            RequestSummary(
                id: try row["id"], version: try row["version"], state: try row.state("state"),
                since: try row["state_since"], urgency: try row.value("urgency"), victims: try row["victims"],
                neededFrom: try row["needed_from"], latestStart: try row["latest_start"],
                stayDays: try row["stay_days"], region: try row["region"], due: try row["due"],
                isOverdue: try row["overdue"])
        }
    }

    /// The stays of a request, in order.
    static func stays(of request: RequestID, on connection: Connection) async throws -> [StayRecord] {
        try await stays(
            StayFilter(request: request, alsoOver: true), try ListOrder("placements").start(.all), on: connection)
    }
}

extension Row {
    /// A column that holds the word of an enumeration.
    func value<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
        let text: String = try self[column]
        guard let word = Word(rawValue: text) else {
            throw LedgerError.unexpected("column \(column) holds no \(Word.self)")
        }
        return word
    }

    /// A column that holds the state of a request.
    func state(_ column: String) throws -> RequestState { try value(column) }
}
