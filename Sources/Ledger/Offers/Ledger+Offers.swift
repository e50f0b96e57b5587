public import CareChain
import Foundation
import Postgres

extension Ledger {
    /// Offers beds for a request that waits, or for one that is placed and to be moved.
    ///
    /// Nothing is given away yet: those with authority over the beds approve, see ``approve(_:note:by:key:)``. Rules that
    /// the placement would break are told at once, so that no one is asked in vain.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - stays: The beds, for each of its victims.
    ///   - overrides: The rules against which it is made, each with its reason.
    ///   - actor: Who offers: desk, coordinator or guardian.
    /// - Returns: The offer's number, and whose approval it waits for.
    /// - Throws: ``LedgerError``; `breaks` when it breaks rules that are not overridden; `notNow` when it goes against the
    ///   plan or a soft rule and no reason is given.
    public func offer(
        _ stays: [OfferedStay], for request: RequestID, overrides: [RuleOverride] = [], by actor: Actor,
        key: String? = nil
    ) async throws(LedgerError) -> OfferAnswer {
        guard !stays.isEmpty else {
            throw .invalid(
                english: "an offer is of at least one bed", dutch: "een aanbod is van minstens één plek")
        }
        let asked = [request.text, String(describing: stays), String(describing: overrides)]
        return try await step("offer-make", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .guardian], for: "offers beds")
            try await Self.check(actor, dealsWith: request, on: connection)
            return try await Self.offer(stays, for: request, overrides: overrides, by: actor, on: connection)
        }
    }

    static func offer(
        _ stays: [OfferedStay], for request: RequestID, overrides: [RuleOverride], by actor: Actor,
        on connection: Connection
    ) async throws -> OfferAnswer {
        let exempt = Set(overrides.map(\.rule))
        let broken = try await brokenRules(by: stays, for: request, on: connection)
            .filter { !exempt.contains($0.rule.rawValue) }
        guard broken.isEmpty else { throw LedgerError.breaks(broken) }
        let placed: Bool = try await connection.query(
            "SELECT state = 'placed' AS placed FROM request WHERE id = \(request.text)"
        ).one()["placed"]
        let days = Dictionary(grouping: stays, by: \.victim).values.map { legs in
            legs.map { [$0.from, $0.until] }.sorted { $0[0] < $1[0] }
        }
        guard placed || Set(days).count == 1 else { throw LedgerError.refused(constraint: "offer_even") }
        let soft = placed ? [] : try await softRules(brokenBy: stays, for: request, on: connection)
        if let first = soft.first(where: { !exempt.contains($0) }) {
            throw LedgerError.notNow(
                rule: first,
                Sentence(
                    english: "it goes against \(first): say why (an override of \"\(first)\" with a reason)",
                    dutch: "het gaat in tegen \(first): zeg waarom (een override van \"\(first)\" met een reden)"))
        }
        let run: Int? = try await connection.query(
            "SELECT max(run) AS run FROM proposal WHERE request = \(request.text) AND placed AND published_at IS NOT NULL"
        ).one()["run"]
        let id: Int = try await connection.query(
            """
            INSERT INTO offer (request, kind, made_at, made_by, answer_by, run)
            SELECT id, \(placed ? "transfer" : "placement"), ledger_now(), \(actor),
                due('answer', urgency, ledger_now()), \((exempt.contains("plan") ? nil : run) as Int?)::bigint
            FROM request WHERE id = \(request.text) RETURNING id
            """
        ).one()["id"]
        for stay in stays {
            try await connection.query(
                """
                INSERT INTO offer_stay (offer, victim, unit, days)
                VALUES (\(id), \(stay.victim), \(stay.unit), daterange(\(stay.from)::date, \(stay.until)::date))
                """)
        }
        for override in overrides {
            try await connection.query(
                """
                INSERT INTO rule_override (offer, rule, reason, legal_basis, made_by, made_at)
                VALUES (\(id), \(override.rule), \(override.reason), \(override.legalBasis as String?), \(actor),
                    ledger_now())
                """)
        }
        return OfferAnswer(offer: id, state: .open, missing: try await missing(of: id, on: connection))
    }

    /// Gives the approvals of an offer that an actor can give. With the last one the offer is accepted: in this
    /// transaction the rules are checked again, the stays are written and the request's other offers cancelled.
    ///
    /// - Parameters:
    ///   - offer: The offer's number.
    ///   - note: What was said, with a consultation for example.
    /// - Returns: What became of it.
    /// - Throws: ``LedgerError``; `notNow` when it is answered already, or when nothing of it is this actor's to approve and a
    ///   minor's guardian is not on record; `notAllowed` when it waits for nothing that this actor can give; `breaks` and `refused` with the rule when the bed has gone or the facts have changed.
    public func approve(
        _ offer: Int, note: String? = nil, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> OfferAnswer {
        try await step("offer-accept", by: actor, key: key, asked: [String(offer), note]) { connection in
            guard
                let row = try await connection.query(
                    "SELECT request, state, answer_by <= ledger_now() AS late FROM offer WHERE id = \(offer)"
                ).first
            else { throw LedgerError.noSuch(kind: .offer, id: String(offer)) }
            let state: OfferState = try row.value("state")
            guard state == .open else { throw Self.answered(offer, state) }
            if try row["late"] { throw LedgerError.refused(constraint: "offer_in_time") }
            let missing = try await Self.missing(of: offer, on: connection)
            var left: [MissingApproval] = []
            for approval in missing {
                let may: Bool = try await connection.query(
                    """
                    SELECT offer_may_approve(\(offer), \(approval.subject), \(approval.approval), \(actor)) AS may
                    """
                ).one()["may"]
                guard may else {
                    left.append(approval)
                    continue
                }
                try await connection.query(
                    """
                    INSERT INTO offer_approval (offer, subject, approval, given_by, given_at, note)
                    VALUES (\(offer), \(approval.subject), \(approval.approval), \(actor), ledger_now(), \(note as String?))
                    """)
            }
            if left.count == missing.count, !missing.isEmpty {
                if let lacking = missing.first(where: { $0.approval == MissingApproval.guardianship }) {
                    throw Self.withoutGuardian(offer, lacking.subject)
                }
                throw LedgerError.notAllowed(
                    .approval, "offer \(offer) waits for \(missing.sentence), not for \(actor)")
            }
            guard left.isEmpty else { return OfferAnswer(offer: offer, state: .open, missing: left) }
            try await Self.checkRules(of: offer, for: RequestID(try row["request"]), on: connection)
            try await connection.query(
                """
                UPDATE offer SET state = 'accepted', answered_at = ledger_now(), answered_by = \(actor)
                WHERE id = \(offer)
                """)
            return OfferAnswer(offer: offer, state: .accepted, missing: [])
        }
    }

    /// Declines an offer for a coded reason; the request goes back to the queue when nothing else is offered.
    ///
    /// - Parameters:
    ///   - victim: Whether it is the victim who declines; somebody says it for them.
    ///   - reason: The code, see ``declineReasons()``.
    /// - Throws: ``LedgerError``
    public func decline(
        _ offer: Int, victim: Bool = false, reason: String, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> OfferAnswer {
        try await step(
            "offer-decline", by: actor, key: key, asked: [String(offer), String(victim), reason]
        ) { connection in
            let of = try await connection.query("SELECT request, state FROM offer WHERE id = \(offer)").first
            guard let of else { throw LedgerError.noSuch(kind: .offer, id: String(offer)) }
            try Self.check(actor, is: [.desk, .coordinator, .shelter, .guardian, .police], for: "answers offers")
            try await Self.check(actor, mayAnswer: offer, of: RequestID(try of["request"]), on: connection)
            // A shelter that is offered somebody answers for its own beds only.
            let own: Bool = try await connection.query(
                """
                SELECT \(actor.role != .shelter) OR EXISTS (
                    SELECT FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit
                    WHERE s.offer = \(offer) AND u.shelter = \(actor.id)) AS own
                """
            ).one()["own"]
            guard own else { throw LedgerError.notAllowed(.notOwnOffer, "\(actor) may not answer offer \(offer)") }
            let state: OfferState = try of.value("state")
            guard state == .open else { throw Self.answered(offer, state) }
            let side = victim ? "victim" : actor.role == .shelter ? "shelter" : "authority"
            try await connection.query(
                """
                UPDATE offer SET state = 'declined', answered_at = ledger_now(), answered_by = \(actor),
                    side = \(side), reason = \(reason)
                WHERE id = \(offer)
                """)
            return OfferAnswer(offer: offer, state: .declined, missing: [])
        }
    }

    /// Checks that an actor deals with the request of an offer, or is asked to approve of that.
    private static func check(
        _ actor: Actor, mayAnswer offer: Int, of request: RequestID, on connection: Connection
    ) async throws {
        let isAsked: Bool = try await connection.query("SELECT offer_asks(\(offer), \(actor)) AS asked").one()["asked"]
        if !isAsked { try await check(actor, dealsWith: request, on: connection) }
    }

    /// Agrees, as the second person, that an offer overrides a hard rule.
    ///
    /// - Throws: ``LedgerError``; `refused` when it is the same person.
    public func second(
        _ rule: String, of offer: Int, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        _ = try await step("offer-second", by: actor, key: key, asked: [String(offer), rule]) { connection in
            try Self.check(
                actor, is: [.desk, .coordinator, .police, .guardian], for: "agrees that a rule is overridden")
            let of = try await connection.query("SELECT request FROM offer WHERE id = \(offer)").first
            guard let of else { throw LedgerError.noSuch(kind: .offer, id: String(offer)) }
            try await Self.check(actor, mayAnswer: offer, of: RequestID(try of["request"]), on: connection)
            let seconded = try await connection.query(
                """
                UPDATE rule_override SET seconded_by = \(actor), seconded_at = ledger_now()
                WHERE offer = \(offer) AND rule = \(rule) AND seconded_by IS NULL
                """)
            if seconded.affected == 0 {
                throw LedgerError.noSuch(kind: .override, id: "\(offer) \(rule)")
            }
            return true
        }
    }

    /// The offers, the next to expire first.
    ///
    /// - Parameter openOnly: Whether only those that can still be answered.
    /// - Throws: ``LedgerError``
    public func offers(openOnly: Bool = true, as actor: Actor) async throws(LedgerError) -> [OfferRecord] {
        try await offers(OfferFilter(openOnly: openOnly), .all, as: actor).elements
    }

    /// A page of the offers, the next to expire first.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func offers(
        _ filter: OfferFilter, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<OfferRecord> {
        let order = ListOrder("offers", .instant, .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.offers(nil, filter, start, on: $0) }
        return order.page(found, page) { [$0.answerBy.sortKey, String($0.id)] }
    }

    /// An offer.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func offer(_ id: Int, as actor: Actor) async throws(LedgerError) -> OfferRecord {
        let start = try ListOrder("offers").start(.all)
        let found = try await view(as: actor) {
            try await Self.offers(id, OfferFilter(openOnly: false), start, on: $0).first
        }
        guard let found else { throw .noSuch(kind: .offer, id: String(id)) }
        return found
    }

    // MARK: - Statements

    private static func withoutGuardian(_ offer: Int, _ victim: String) -> LedgerError {
        .notNow(
            rule: RefusalCode.guardian.rawValue,
            Sentence(
                english: "offer \(offer) waits for a guardian of \"\(victim)\", and none is on record: "
                    + "the desk or the coordinator records who it is (onderdak case change \(victim) --guardian BODY)",
                dutch: "aanbod \(offer) wacht op een voogd van \"\(victim)\", en er is er geen bekend: "
                    + "de coördinatiedesk of de coördinator legt vast wie dat is"))
    }

    private static func answered(_ offer: Int, _ state: OfferState) -> LedgerError {
        .notNow(
            rule: "offer_legal_step",
            Sentence(
                english: "offer \(offer) is \(state.rawValue) already",
                dutch: "aanbod \(offer) is al beantwoord (\(state.rawValue))"))
    }

    private static func offers(
        _ id: Int?, _ filter: OfferFilter, _ start: ListStart, on connection: Connection
    ) async throws -> [OfferRecord] {
        let rows = try await connection.query(
            """
            SELECT o.id, o.version, o.request, o.kind, o.made_at, o.made_by, o.answer_by, o.side, o.reason,
                CASE WHEN o.state = 'open' AND o.answer_by <= ledger_now() THEN 'expired' ELSE o.state END AS state,
                ARRAY(SELECT v.rule FROM rule_override AS v WHERE v.offer = o.id ORDER BY v.rule) AS overrides
            FROM offer AS o
            WHERE (\(id as Int?)::bigint IS NULL OR o.id = \(id as Int?))
                AND (NOT \(filter.openOnly)::boolean OR o.state = 'open' AND o.answer_by > (SELECT ledger_now()))
                AND (\(filter.request?.text as String?)::text IS NULL OR o.request = \(filter.request?.text as String?))
                AND (\(filter.shelter?.text as String?)::text IS NULL OR o.id IN (
                    SELECT s.offer FROM offer_stay AS s JOIN unit AS u ON u.id = s.unit
                    WHERE u.shelter = \(filter.shelter?.text as String?)))
                AND (\(start.isFirst)::boolean
                    OR (o.answer_by, o.id) > (\(start.instant(0) as Date?), \(start.number(1) as Int?)::bigint))
            ORDER BY o.answer_by, o.id LIMIT \(start.rows as Int?)
            """)
        let ids: [Int] = try rows.map { try $0["id"] }
        let stays = try await stays(ofAny: ids, on: connection)
        let open: [Int] = try rows.filter { try $0["state"] == "open" }.map { try $0["id"] }
        let missing = try await missing(ofAny: open, on: connection)
        return try rows.map { row in
            let id: Int = try row["id"]
            return OfferRecord(
                id: id, version: try row["version"], request: try row["request"], kind: try row["kind"],
                state: try row.value("state"), madeAt: try row["made_at"], madeBy: try row["made_by"],
                answerBy: try row["answer_by"], stays: stays[id] ?? [], missing: missing[id] ?? [],
                side: try row["side"], reason: try row["reason"], overrides: try row["overrides"])
        }
    }

    static func stays(of offer: Int, on connection: Connection) async throws -> [OfferedStay] {
        try await stays(ofAny: [offer], on: connection)[offer] ?? []
    }

    private static func stays(ofAny offers: [Int], on connection: Connection) async throws -> [Int: [OfferedStay]] {
        let stays = try await connection.query(
            """
            SELECT offer, victim, unit, lower(days) AS from_date, upper(days) AS until_date FROM offer_stay
            WHERE offer = ANY (\(offers)) ORDER BY victim, days
            """
        ).map { row in
            (
                offer: try row["offer", as: Int.self],
                stay: OfferedStay(
                    victim: VictimID(try row["victim"]), unit: UnitID(try row["unit"]), from: try row["from_date"],
                    until: try row["until_date"])
            )
        }
        return Dictionary(grouping: stays, by: \.offer).mapValues { $0.map(\.stay) }
    }

    static func missing(of offer: Int, on connection: Connection) async throws -> [MissingApproval] {
        try await missing(ofAny: [offer], on: connection)[offer] ?? []
    }

    private static func missing(ofAny offers: [Int], on connection: Connection) async throws -> [Int: [MissingApproval]]
    {
        let missing = try await connection.query(
            """
            SELECT o.id, m.subject, m.approval, m.roles
            FROM unnest(\(offers)) AS o(id) CROSS JOIN LATERAL access.offer_missing(o.id) AS m
            ORDER BY o.id, m.subject, m.approval
            """
        ).map { row in
            let roles: [String] = try row["roles"]
            return (
                offer: try row["id", as: Int.self],
                approval: MissingApproval(
                    subject: try row["subject"], approval: try row["approval"],
                    roles: roles.compactMap { Role(rawValue: $0) })
            )
        }
        return Dictionary(grouping: missing, by: \.offer).mapValues { $0.map(\.approval) }
    }

    /// Checks once more, where the stays are committed, what they break beside what is overridden.
    ///
    /// - Parameter day: The day before which they are not: a move is made today at the earliest.
    static func checkRules(
        of offer: Int, for request: RequestID, from day: CalendarDate? = nil, on connection: Connection
    ) async throws {
        let exempt: [String] = try await connection.query(
            "SELECT ARRAY(SELECT rule FROM rule_override WHERE offer = \(offer)) AS rules"
        ).one()["rules"]
        var stays = try await stays(of: offer, on: connection)
        if let day {
            let here = try await Self.stays(of: request, on: connection)
            stays = stays.filter { stay in
                // Who has left since is not moved.
                stay.until > day && here.contains { $0.victim == stay.victim && $0.until > max(stay.from, day) }
            }.map {
                OfferedStay(
                    victim: VictimID($0.victim), unit: UnitID($0.unit), from: max($0.from, day), until: $0.until)
            }
        }
        let broken = try await brokenRules(by: stays, for: request, on: connection)
            .filter { !exempt.contains($0.rule.rawValue) }
        guard broken.isEmpty else { throw LedgerError.breaks(broken) }
    }

    /// The soft rules that an offer goes against: another place was proposed, it starts outside its days, or its shelter
    /// is outside the preferred region.
    private static func softRules(
        brokenBy stays: [OfferedStay], for request: RequestID, on connection: Connection
    ) async throws -> [String] {
        let row = try await connection.query(
            """
            SELECT r.needed_from, r.latest_start,
                r.preferred_region IS NOT NULL AND EXISTS (
                    SELECT FROM unit AS u JOIN shelter AS s ON s.id = u.shelter
                    WHERE u.id = ANY (\(stays.map(\.unit))::text[]) AND s.region <> r.preferred_region) AS out_of_region,
                ARRAY(
                    SELECT p.unit::text FROM proposal_stay AS p WHERE p.request = r.id AND p.run = (
                        SELECT max(q.run) FROM proposal AS q
                        WHERE q.request = r.id AND q.placed AND q.published_at IS NOT NULL)) AS planned
            FROM request AS r WHERE r.id = \(request.text)
            """
        ).one()
        let (needed, latest): (CalendarDate, CalendarDate) = (try row["needed_from"], try row["latest_start"])
        let planned: [String] = try row["planned"]
        var soft: [String] = []
        if !planned.isEmpty, !Set(stays.map(\.unit)).isSubset(of: planned) { soft.append(RefusalCode.plan.rawValue) }
        if let first = stays.map(\.from).min(), !(needed...latest).contains(first) {
            soft.append(RuleCode.timing.rawValue)
        }
        // The plan has weighed that.
        if try row["out_of_region"], planned.isEmpty { soft.append(RefusalCode.outOfRegion.rawValue) }
        return soft
    }
}

extension [MissingApproval] {
    /// What is missing, in words.
    public var sentence: String {
        map {
            "\($0.approval == MissingApproval.guardianship ? "a guardian on record" : $0.approval) of \($0.subject) (\($0.roles.map(\.rawValue).joined(separator: " or ")))"
        }
        .joined(separator: ", ")
    }
}
