public import CareChain
public import Foundation
public import Postgres

extension Ledger {
    /// Runs a step of the flow for an actor, serializably: it happens whole or not at all, and at a collision again.
    ///
    /// - Parameters:
    ///   - kind: What is asked, for the record of commands.
    ///   - key: The caller's key: the same key of the same actor gives the same outcome, and the step is made once. Nil:
    ///     every call is one of its own. A step that was refused is no step, and may be tried again with its key.
    ///   - asked: What was asked, so that a key is not used for something else.
    /// - Throws: ``LedgerError``; `keyReused`; `stale` when the ledger was told what to expect (``expecting(_:of:)``).
    func step<Outcome: Codable & Sendable>(
        _ kind: String, by actor: Actor, key: String?, asked: [String?], file: String = #fileID, line: Int = #line,
        _ body: (Connection) async throws -> Outcome
    ) async throws(LedgerError) -> Outcome {
        try await transaction(.serializable, as: .program(for: actor), file: file, line: line) { connection in
            guard let key else {
                try await checkExpectation(on: connection)
                return try await body(connection)
            }
            let asked = try String(decoding: JSONEncoder().encode([kind] + asked), as: UTF8.self)
            let claimed = try await connection.query(
                """
                INSERT INTO command (actor, key, kind, fingerprint)
                VALUES (\(actor), \(key), \(kind), sha256(convert_to(\(asked), 'UTF8')))
                ON CONFLICT DO NOTHING RETURNING true
                """)
            if claimed.isEmpty {
                let row = try await connection.query(
                    """
                    SELECT fingerprint = sha256(convert_to(\(asked), 'UTF8')) AS same, result FROM command
                    WHERE actor = \(actor) AND key = \(key)
                    """
                ).one()
                guard try row["same"] else { throw LedgerError.keyReused(key) }
                let result: String = try row["result"]
                return try JSONDecoder().decode(Outcome.self, from: Data(result.utf8))
            }
            try await checkExpectation(on: connection)
            let outcome = try await body(connection)
            let result = JSONText(postgresText: String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))
            try await connection.query(
                "UPDATE command SET result = \(result) WHERE actor = \(actor) AND key = \(key)")
            return outcome
        }
    }

    /// Whether an actor has made a step with a key.
    ///
    /// - Throws: ``LedgerError``
    public func hasUsed(_ key: String, _ actor: Actor) async throws(LedgerError) -> Bool {
        try await transaction(.readCommitted, readOnly: true, as: .program(for: actor)) { connection in
            try await connection.query(
                "SELECT EXISTS (SELECT FROM command WHERE actor = \(actor) AND key = \(key)) AS used"
            ).one()["used"]
        }
    }

    /// Runs what an actor reads, on one state of the ledger and with the actor's own rights.
    func view<Answer>(
        as actor: Actor, file: String = #fileID, line: Int = #line, _ body: (Connection) async throws -> Answer
    ) async throws(LedgerError) -> Answer {
        try await transaction(
            .repeatableRead, readOnly: true, as: .actor(actor), file: file, line: line, body)
    }

    /// Makes the steps whose time has come: offers expire, holds and actions end, who was expected yesterday has come,
    /// nights are over. What reads counts with the time as well, so nothing depends on how often this runs. Questions whose
    /// asker has died go too.
    ///
    /// - Returns: The number of steps.
    /// - Throws: ``LedgerError``
    @discardableResult
    public func sweep() async throws(LedgerError) -> Int {
        try await transaction(.readCommitted) { connection in
            try await connection.query("DELETE FROM plan_question WHERE wanted_until < now() - interval '1 minute'")
            return try await connection.query("SELECT sweep()").one()[0]
        }
    }

    /// The day that it is where the desk is.
    ///
    /// - Throws: ``LedgerError``
    public func today() async throws(LedgerError) -> CalendarDate {
        try await transaction(.readCommitted, readOnly: true) { try await $0.query("SELECT ledger_today()").one()[0] }
    }

    /// Lets the ledger's clock stand from now on, unless it does already: a demonstration's.
    ///
    /// - Throws: ``LedgerError``; `denied` when who is connected does not own the ledger.
    public func letClockStand() async throws(LedgerError) {
        do {
            _ = try await pool.transaction(isolation: .readCommitted) { connection in
                try await connection.query("INSERT INTO simulated_clock (at) VALUES (now()) ON CONFLICT DO NOTHING")
            }
        } catch {
            throw LedgerError(error)
        }
    }

    /// Lets the ledger stand still at an instant, for a demonstration or a test; nil: its time is the server's again.
    ///
    /// A demonstration's ledger, whose clock stands already, is anybody's to set who has the program's login; any other is
    /// its owner's, since who sets the clock back answers what has expired.
    ///
    /// - Throws: ``LedgerError``; `denied`.
    public func stand(at instant: Date?) async throws(LedgerError) {
        if let instant {
            let isSet = try await transaction(.readCommitted) { connection in
                try await connection.query("UPDATE simulated_clock SET at = \(instant)").affected == 1
            }
            if isSet { return }
        }
        do {
            try await pool.transaction(isolation: .readCommitted) { connection in
                try await connection.query("DELETE FROM simulated_clock")
                if let instant { try await connection.query("INSERT INTO simulated_clock (at) VALUES (\(instant))") }
            }
        } catch {
            let refusal = LedgerError(error)
            guard case .denied(let code, _) = refusal else { throw refusal }
            throw .denied(
                code,
                "this ledger goes by the server's clock, and who owns the database alone can change that: "
                    + "onderdak migrate --demonstration, before there is anything in it")
        }
    }
}

extension Actor: PostgresValue {
    /// `ROLE/ID`.
    public var postgresText: String { description }

    /// Reads `ROLE/ID`.
    public init?(postgresText: String) {
        self.init(postgresText)
    }
}
