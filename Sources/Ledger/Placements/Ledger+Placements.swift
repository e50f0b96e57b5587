public import CareChain
public import Foundation
import Postgres

/// What is recorded of a handover: an item that is nil stays as it is.
public struct HandoverItems: Sendable, Equatable {
    /// The dossier was sent.
    public var dossierSent = false
    /// The dossier was received.
    public var dossierReceived = false
    /// Medication is there.
    public var medication = false
    /// Where the transport begins, by region: never an address.
    public var transportFrom: RegionID?
    /// Where it goes, by region.
    public var transportTo: RegionID?
    /// When it leaves.
    public var transportAt: Date?
    /// The organisation that drives.
    public var transportBy: String?

    /// Nothing yet.
    public init() {}
}

/// An item of a transfer's checklist: what it is called, and kept as, in English.
public enum HandoverItem: String, CaseIterable, Sendable, Codable {
    /// The dossier was sent.
    case dossierSent = "dossier sent"
    /// The dossier was received.
    case dossierReceived = "dossier received"
    /// Medication is there.
    case medication
    /// Where the transport begins.
    case transportFrom = "transport from"
    /// Where it goes.
    case transportTo = "transport to"
    /// When it leaves.
    case transportAt = "transport when"
    /// The organisation that drives.
    case transportBy = "transport by whom"

    /// The words for people.
    public var words: Sentence {
        switch self {
        case .dossierSent: Sentence(english: rawValue, dutch: "dossier verstuurd")
        case .dossierReceived: Sentence(english: rawValue, dutch: "dossier ontvangen")
        case .medication: Sentence(english: rawValue, dutch: "medicatie")
        case .transportFrom: Sentence(english: rawValue, dutch: "vervoer vanaf")
        case .transportTo: Sentence(english: rawValue, dutch: "vervoer naar")
        case .transportAt: Sentence(english: rawValue, dutch: "vervoer wanneer")
        case .transportBy: Sentence(english: rawValue, dutch: "vervoer door wie")
        }
    }
}

/// Which stays are asked for.
public struct StayFilter: Sendable, Equatable {
    /// Of a request.
    public var request: RequestID?
    /// Of a victim.
    public var victim: VictimID?
    /// In a unit.
    public var unit: UnitID?
    /// In a shelter.
    public var shelter: ShelterID?
    /// Those that are over as well.
    public var alsoOver: Bool

    /// Makes a filter.
    public init(
        request: RequestID? = nil, victim: VictimID? = nil, unit: UnitID? = nil, shelter: ShelterID? = nil,
        alsoOver: Bool = false
    ) {
        self.request = request
        self.victim = victim
        self.unit = unit
        self.shelter = shelter
        self.alsoOver = alsoOver
    }
}

extension Ledger {
    /// The stays that are under way or to come.
    ///
    /// - Throws: ``LedgerError``
    public func placements(as actor: Actor) async throws(LedgerError) -> [StayRecord] {
        try await placements(StayFilter(), .all, as: actor).elements
    }

    /// A page of the stays, by request, victim and day.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func placements(
        _ filter: StayFilter, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<StayRecord> {
        let order = ListOrder("placements", .text, .text, .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.stays(filter, start, on: $0) }
        return order.page(found, page) { [$0.request, $0.victim, String($0.movesMade)] }
    }

    static func stays(_ filter: StayFilter, _ start: ListStart, on connection: Connection) async throws -> [StayRecord]
    {
        try await connection.query(
            """
            SELECT s.request, s.victim, s.unit, lower(s.days) AS from_date, upper(s.days) AS until_date, s.moves_made,
                s.arrived, s.overrides::text[] AS overrides
            FROM stay AS s
            WHERE (\(filter.alsoOver)::boolean OR upper(s.days) > (SELECT ledger_today()))
                AND (\(filter.request?.text as String?)::text IS NULL OR s.request = \(filter.request?.text as String?))
                AND (\(filter.victim?.text as String?)::text IS NULL OR s.victim = \(filter.victim?.text as String?))
                AND (\(filter.unit?.text as String?)::text IS NULL OR s.unit = \(filter.unit?.text as String?))
                AND (\(filter.shelter?.text as String?)::text IS NULL OR s.unit IN (
                    SELECT u.id FROM unit AS u WHERE u.shelter = \(filter.shelter?.text as String?)))
                AND (\(start.isFirst)::boolean OR (s.request, s.victim, s.moves_made)
                    > (\(start.text(0) as String?)::identifier, \(start.text(1) as String?)::identifier,
                        \(start.number(2) as Int?)::integer))
            ORDER BY s.request, s.victim, s.moves_made LIMIT \(start.rows as Int?)
            """
        ).map { row in
            StayRecord(
                request: try row["request"], victim: try row["victim"], unit: try row["unit"],
                from: try row["from_date"], until: try row["until_date"], movesMade: try row["moves_made"],
                arrived: try row["arrived"], overrides: try row["overrides"])
        }
    }

    /// Records that the victims of a request have come.
    ///
    /// - Throws: ``LedgerError``; `refused` when a handover is not complete.
    public func arrive(_ request: RequestID, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("placement-arrive", by: actor, key: key, asked: [request.text]) { connection in
            try await Self.check(actor, dealsWith: request, on: connection)
            try await Self.move(request, from: .accepted, to: .placed, on: connection)
            try await connection.query(
                "UPDATE stay SET arrived = true WHERE request = \(request.text) AND days @> ledger_today()")
            return true
        }
    }

    /// Breaks an agreement before anybody came: the request goes back to the queue.
    ///
    /// - Throws: ``LedgerError``
    public func breakAgreement(
        _ request: RequestID, reason: String, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) {
        _ = try await step("placement-break", by: actor, key: key, asked: [request.text, reason]) { connection in
            try await Self.check(actor, dealsWith: request, on: connection)
            try await Self.move(request, from: .accepted, to: .submitted, reason: reason, on: connection)
            return true
        }
    }

    /// Ends the stays of a request, or of one of its victims, on a day: the day of leaving is the first no longer there.
    ///
    /// - Throws: ``LedgerError``
    public func end(
        _ request: RequestID, victim: VictimID? = nil, on day: CalendarDate, reason: String, by actor: Actor,
        key: String? = nil
    ) async throws(LedgerError) {
        let asked = [request.text, victim?.text, day.description, reason]
        _ = try await step("placement-end", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .shelter, .guardian], for: "ends placements")
            try await Self.check(actor, dealsWith: request, on: connection)
            let state = try await connection.query("SELECT state FROM request WHERE id = \(request.text)").first
            guard let state else { throw LedgerError.noSuch(kind: .request, id: request.text) }
            guard try state.state("state") == .placed else {
                throw LedgerError.notNow(
                    rule: "request_legal_step",
                    Sentence(
                        english: "request \"\(request)\" is not placed",
                        dutch: "verzoek \"\(request)\" is niet geplaatst"))
            }
            try await connection.query(
                "SELECT placement_end(\(request.text), \(victim?.text as String?)::text, \(day), \(reason))")
            return true
        }
    }

    /// Says that a placed request is to be moved, and why; plans then look for a place.
    ///
    /// - Returns: The transfer's number.
    /// - Throws: ``LedgerError``
    public func wantTransfer(
        of request: RequestID, reason: String, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        try await step("transfer-want", by: actor, key: key, asked: [request.text, reason]) { connection in
            try await Self.wantTransfer(of: request, reason: reason, by: actor, on: connection)
        }
    }

    static func wantTransfer(
        of request: RequestID, reason: String, by actor: Actor, on connection: Connection
    ) async throws -> Int {
        try check(actor, is: [.desk, .coordinator, .shelter, .guardian], for: "asks for a transfer")
        try await check(actor, dealsWith: request, on: connection)
        return try await connection.query(
            """
            INSERT INTO transfer (request, reason, wanted_at, wanted_by)
            VALUES (\(request.text), \(reason), ledger_now(), \(actor)) RETURNING id
            """
        ).one()["id"]
    }

    /// Offers another unit to a placed request, from a day until its stay ends: a transfer is wanted, if it is not yet.
    ///
    /// - Returns: The offer, and whose approval it waits for.
    /// - Throws: ``LedgerError``; `breaks` when there is a hold on moves, for example.
    public func offerMove(
        of request: RequestID, to unit: UnitID, on day: CalendarDate, reason: String, overrides: [RuleOverride] = [],
        by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> OfferAnswer {
        let asked = [request.text, unit.text, day.description, reason, String(describing: overrides)]
        return try await step("placement-move", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .guardian], for: "offers a move")
            try await Self.check(actor, dealsWith: request, on: connection)
            let wanted: Bool = try await connection.query(
                "SELECT EXISTS (SELECT FROM transfer WHERE request = \(request.text) AND state = 'wanted') AS wanted"
            ).one()["wanted"]
            if !wanted { _ = try await Self.wantTransfer(of: request, reason: reason, by: actor, on: connection) }
            let stays = try await Self.stays(of: request, on: connection).filter { $0.until > day }
            let ends = Dictionary(stays.map { ($0.victim, $0.until) }, uniquingKeysWith: max)
            guard !ends.isEmpty else {
                throw LedgerError.notNow(
                    rule: "request_stays",
                    Sentence(
                        english: "nobody of request \"\(request)\" is there on \(day)",
                        dutch: "op \(day) is daar niemand van verzoek \"\(request)\""))
            }
            return try await Self.offer(
                ends.sorted { $0.key < $1.key }.map {
                    OfferedStay(victim: VictimID($0.key), unit: unit, from: day, until: $0.value)
                }, for: request, overrides: overrides, by: actor, on: connection)
        }
    }

    /// Records what has been handed over of an agreed transfer; once the checklist is complete, so is the transfer: the
    /// stays are written, from the agreed day or, when that is past, from today. Until then the victim is in the old bed
    /// and the new one is kept.
    ///
    /// - Returns: What is still missing; empty: the transfer is complete.
    /// - Throws: ``LedgerError``
    public func handOver(
        _ request: RequestID, _ handover: HandoverItems, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> [HandoverItem] {
        try await step(
            "placement-handover", by: actor, key: key, asked: [request.text, String(describing: handover)]
        ) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .shelter, .guardian], for: "hands over")
            try await Self.check(actor, dealsWith: request, on: connection)
            let rows = try await connection.query(
                """
                UPDATE transfer SET
                    dossier_sent_at = coalesce(dossier_sent_at, CASE WHEN \(handover.dossierSent) THEN ledger_now() END),
                    dossier_sent_by = coalesce(dossier_sent_by, CASE WHEN \(handover.dossierSent) THEN \(actor)::actor END),
                    dossier_received_at = coalesce(
                        dossier_received_at, CASE WHEN \(handover.dossierReceived) THEN ledger_now() END),
                    dossier_received_by = coalesce(
                        dossier_received_by, CASE WHEN \(handover.dossierReceived) THEN \(actor)::actor END),
                    medication_at = coalesce(medication_at, CASE WHEN \(handover.medication) THEN ledger_now() END),
                    medication_by = coalesce(medication_by, CASE WHEN \(handover.medication) THEN \(actor)::actor END),
                    transport_from = coalesce(\(handover.transportFrom?.text as String?), transport_from),
                    transport_to = coalesce(\(handover.transportTo?.text as String?), transport_to),
                    transport_at = coalesce(\(handover.transportAt as Date?), transport_at),
                    transport_by = coalesce(\(handover.transportBy as String?), transport_by)
                WHERE request = \(request.text) AND state = 'agreed'
                RETURNING id, offer, array_remove(ARRAY[
                    CASE WHEN dossier_sent_at IS NULL THEN \(HandoverItem.dossierSent.rawValue) END,
                    CASE WHEN dossier_received_at IS NULL THEN \(HandoverItem.dossierReceived.rawValue) END,
                    CASE WHEN medication_at IS NULL THEN \(HandoverItem.medication.rawValue) END,
                    CASE WHEN transport_from IS NULL THEN \(HandoverItem.transportFrom.rawValue) END,
                    CASE WHEN transport_to IS NULL THEN \(HandoverItem.transportTo.rawValue) END,
                    CASE WHEN transport_at IS NULL THEN \(HandoverItem.transportAt.rawValue) END,
                    CASE WHEN transport_by IS NULL THEN \(HandoverItem.transportBy.rawValue) END], NULL) AS missing
                """)
            guard let row = rows.first else {
                throw LedgerError.notNow(
                    rule: RefusalCode.transfer.rawValue,
                    Sentence(
                        english: "no transfer of request \"\(request)\" is agreed on",
                        dutch: "er is geen doorplaatsing van verzoek \"\(request)\" afgesproken"))
            }
            let words: [String] = try row["missing"]
            let missing = words.compactMap(HandoverItem.init)
            if missing.isEmpty {
                let (transfer, offer): (Int, Int) = (try row["id"], try row["offer"])
                let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
                try await Self.checkRules(of: offer, for: request, from: today, on: connection)
                try await connection.query("SELECT transfer_complete(\(transfer))")
            }
            return missing
        }
    }

    /// Gives a transfer up, wanted or agreed on and not handed over yet: everybody stays where they are and the bed that
    /// was kept is free again.
    ///
    /// - Throws: ``LedgerError``; `notAllowed` when none is under way.
    public func cancelTransfer(of request: RequestID, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("transfer-cancel", by: actor, key: key, asked: [request.text]) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .shelter, .guardian], for: "gives a transfer up")
            try await Self.check(actor, dealsWith: request, on: connection)
            let agreed = try await connection.query(
                "SELECT offer FROM transfer WHERE request = \(request.text) AND state IN ('wanted', 'agreed') FOR UPDATE"
            )
            guard let row = agreed.first else {
                throw LedgerError.notNow(
                    rule: RefusalCode.transfer.rawValue,
                    Sentence(
                        english: "no transfer of request \"\(request)\" is under way",
                        dutch: "er is geen doorplaatsing van verzoek \"\(request)\" gaande"))
            }
            let offer: Int? = try row["offer"]
            try await connection.query(
                """
                UPDATE transfer SET state = 'cancelled', offer = NULL
                WHERE request = \(request.text) AND state IN ('wanted', 'agreed')
                """)
            try await connection.query(
                """
                UPDATE offer SET state = 'cancelled', answered_at = coalesce(answered_at, ledger_now())
                WHERE request = \(request.text) AND kind = 'transfer'
                    AND (state = 'open' OR id = \(offer as Int?)::bigint)
                """)
            try await connection.query(
                "UPDATE hold SET released_at = ledger_now() WHERE offer = \(offer as Int?)::bigint AND released_at IS NULL"
            )
            return true
        }
    }
}
