public import CareChain
import Postgres

extension Ledger {
    /// Opens a case: puts a victim on record with what a place is chosen by, before anybody asks for one.
    ///
    /// - Parameters:
    ///   - region: The region that is accountable.
    ///   - police: Who investigates; of a case that the police open, they themselves.
    ///   - contact: Whom to call about the investigation: a team and how it is reached.
    /// - Throws: ``LedgerError``; `invalid` when the ledger knows the victim already.
    public func openCase(
        _ victim: NewVictim, region: RegionID, police: String? = nil, contact: String? = nil, by actor: Actor,
        key: String? = nil
    ) async throws(LedgerError) {
        let asked = [String(describing: victim), region.text, police, contact]
        _ = try await step("case-open", by: actor, key: key, asked: asked) { connection in
            try Self.check(actor, is: [.desk, .coordinator, .police, .guardian], for: "opens cases")
            let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
            try await Self.addVictims([victim], from: today, by: actor, on: connection)
            try await connection.query(
                "UPDATE victim SET region = \(region.text) WHERE id = \(victim.victim.id.text)")
            if let police, actor.role != .police {
                try await connection.query(
                    """
                    INSERT INTO police_case (victim, police, days)
                    VALUES (\(victim.victim.id.text), \(police), daterange(\(today)::date, NULL))
                    """)
            }
            if let contact {
                let known = try await connection.query(
                    "UPDATE police_case SET contact = \(contact) WHERE victim = \(victim.victim.id.text)")
                if known.affected == 0 {
                    throw LedgerError.invalid(
                        english: "a contact is that of the police who investigate: say who they are",
                        dutch: "een contactpunt is dat van de politie die onderzoekt: zeg wie dat is")
                }
            }
            return true
        }
    }

    /// Changes what is on record of a case, with the actor's own rights: each part is refused to whom the matrix does not
    /// let write it.
    ///
    /// - Throws: ``LedgerError``; `denied`, `notAllowed`.
    public func change(
        case victim: VictimID, _ change: CaseChange, as actor: Actor
    ) async throws(LedgerError) {
        try await transaction(.serializable, as: .actor(actor)) { connection in
            let today: CalendarDate = try await connection.query("SELECT ledger_today()").one()[0]
            let from = change.from ?? today
            if let phase = change.phase {
                try await connection.query(
                    """
                    INSERT INTO victim_phase (victim, from_date, phase) VALUES (\(victim.text), \(from), \(phase.rawValue))
                    ON CONFLICT (victim, from_date) DO UPDATE SET phase = excluded.phase
                    """)
            }
            if let region = change.registeredIn {
                try await connection.query(
                    "DELETE FROM victim_registration WHERE victim = \(victim.text) AND lower(days) >= \(from)::date")
                try await connection.query(
                    """
                    UPDATE victim_registration SET days = daterange(lower(days), \(from)::date)
                    WHERE victim = \(victim.text) AND days @> \(from)::date
                    """)
                try await connection.query(
                    """
                    INSERT INTO victim_registration (victim, region, days)
                    VALUES (\(victim.text), \(region.text), daterange(\(from)::date, NULL))
                    """)
            }
            if let needs = change.needs {
                try await connection.query(
                    "DELETE FROM victim_need WHERE victim = \(victim.text) AND service <> ALL (\(needs)::text[])")
                try await connection.query(
                    """
                    INSERT INTO victim_need (victim, service) SELECT \(victim.text), unnest(\(needs)::text[])
                    ON CONFLICT DO NOTHING
                    """)
            }
            if let security = change.security {
                let changed = try await connection.query(
                    """
                    UPDATE victim SET security_min = \(security.lowerBound), security_max = \(security.upperBound)
                    WHERE id = \(victim.text)
                    """)
                try Self.check(changed.affected, victim, actor)
            }
            if let region = change.region {
                let changed = try await connection.query(
                    "UPDATE victim SET region = \(region.text) WHERE id = \(victim.text)")
                try Self.check(changed.affected, victim, actor)
            }
            try await Self.changeAvoidance(of: victim, change, on: connection)
            if let guardian = change.guardian {
                // Who is of age has no days left for it.
                let changed = try await connection.query(
                    """
                    INSERT INTO guardianship (victim, guardian, days)
                    SELECT id, \(guardian), daterange(\(from)::date, greatest(\(from)::date, (birth_date + interval '18 years')::date))
                    FROM victim WHERE id = \(victim.text)
                    """)
                try Self.check(changed.affected, victim, actor)
            }
            if let until = change.courtOrderUntil {
                guard from <= until else {
                    throw LedgerError.invalid(
                        english: "the court order ends before it begins",
                        dutch: "de machtiging eindigt voordat zij begint")
                }
                // Of an order that prolongs another, what that one does not cover yet.
                let prolonged = try await connection.query(
                    """
                    INSERT INTO court_order (victim, days)
                    SELECT \(victim.text), unnest(
                        datemultirange(daterange(\(from)::date, \(until)::date, '[]'))
                            - coalesce((SELECT range_agg(days) FROM court_order WHERE victim = \(victim.text)), '{}'))
                    """)
                if prolonged.affected == 0 {
                    throw LedgerError.invalid(
                        english: "court orders on record cover all days until \(until): say a later last day",
                        dutch:
                            "machtigingen die al vastliggen, beslaan alle dagen tot en met \(until): zeg een latere laatste dag"
                    )
                }
            }
            if let police = change.police {
                try await connection.query(
                    """
                    INSERT INTO police_case (victim, police, days)
                    VALUES (\(victim.text), \(police), daterange(\(today)::date, NULL))
                    """)
            }
        }
    }

    private static func check(_ changed: Int, _ victim: VictimID, _ actor: Actor) throws(LedgerError) {
        if changed == 0 { throw .notAllowed(.notOwnCase, "case \"\(victim)\" is not one that \(actor) may change") }
    }

    private static func changeAvoidance(
        of victim: VictimID, _ change: CaseChange, on connection: Connection
    ) async throws {
        for (table, column, avoid, allow) in [
            ("avoided_region", "region", change.avoidRegions.map(\.text), change.allowRegions.map(\.text)),
            ("avoided_shelter", "shelter", change.avoidShelters.map(\.text), change.allowShelters.map(\.text)),
        ] {
            for place in allow {
                try await connection.query(
                    """
                    DELETE FROM \(identifier: table) WHERE victim = \(victim.text) AND \(identifier: column) = \(place)
                        AND lower(days) >= ledger_today()
                    """)
                try await connection.query(
                    """
                    UPDATE \(identifier: table) SET days = daterange(lower(days), ledger_today())
                    WHERE victim = \(victim.text) AND \(identifier: column) = \(place) AND days @> ledger_today()
                    """)
            }
            for place in avoid {
                try await connection.query(
                    """
                    INSERT INTO \(identifier: table) (victim, \(identifier: column), days)
                    VALUES (\(victim.text), \(place), daterange(ledger_today(), NULL))
                    """)
            }
        }
        if let contact = change.noContact {
            try await connection.query(
                """
                INSERT INTO no_contact (a, b, scope, days)
                VALUES (\(victim.text), \(contact.victim.text), \(contact.scope.rawValue), daterange(ledger_today(), NULL))
                """)
        }
    }

    /// States what an investigation asks of a place from today on, and whom to call about it; its police alone.
    ///
    /// - Parameters:
    ///   - investigation: Where it is and how far away the victim may be; nil: from today on there is none.
    ///   - contact: A team and how it is reached; nil: as before.
    /// - Throws: ``LedgerError``; `denied` to others than the police whose case it is.
    public func investigate(
        _ victim: VictimID, _ investigation: Investigation?, contact: String? = nil, as actor: Actor
    ) async throws(LedgerError) {
        try await transaction(.serializable, as: .actor(actor)) { connection in
            try Self.check(actor, is: [.police], for: "says what an investigation asks for")
            let own = try await connection.query(
                """
                UPDATE police_case SET contact = coalesce(\(contact as String?), contact)
                WHERE victim = \(victim.text) AND police = \(actor.id) AND days @> ledger_today()
                """)
            try Self.check(own.affected, victim, actor)
            try await connection.query(
                "DELETE FROM investigation WHERE victim = \(victim.text) AND lower(days) >= ledger_today()")
            try await connection.query(
                """
                UPDATE investigation SET days = daterange(lower(days), ledger_today())
                WHERE victim = \(victim.text) AND days @> ledger_today()
                """)
            if let investigation {
                try await connection.query(
                    """
                    INSERT INTO investigation (victim, region, max_travel_minutes, days) VALUES (
                        \(victim.text), \(investigation.region.text), \(investigation.maxTravelMinutes as Int?),
                        daterange(ledger_today(), NULL))
                    """)
            }
        }
    }
}
