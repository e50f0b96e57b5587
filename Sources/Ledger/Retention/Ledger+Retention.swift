public import CareChain
import Postgres

/// What a rule of retention no longer lets be kept.
public struct RetentionItem: Sendable, Equatable {
    /// What the rule is about.
    public enum Subject: String, CaseIterable, Sendable {
        /// Identity and health of an ended case.
        case confidential
        /// What tells an ended case from others.
        case `case`
        /// The answer to a command that might have been repeated.
        case command
        /// An event.
        case event
    }

    /// What the rule is about.
    public let subject: Subject
    /// Which: a victim, or what identifies a command or an event.
    public let object: String
    /// The day on which its time began to run.
    public let since: CalendarDate
}

extension Ledger {
    /// What is due to be taken away today, in the order in which it is.
    ///
    /// - Parameter actor: The operator; nil: whoever has the machine.
    /// - Throws: ``LedgerError``; `notAllowed`.
    public func retentionDue(by actor: Actor? = nil) async throws(LedgerError) -> [RetentionItem] {
        let acting = try Self.operating(actor, "sees to what is kept for how long")
        return try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            try await connection.query(
                """
                SELECT subject, object, since FROM retention_due
                ORDER BY array_position(ARRAY['confidential', 'case', 'command', 'event'], subject), since, object
                """
            ).map { row in
                guard let subject = RetentionItem.Subject(rawValue: try row["subject"]) else {
                    throw LedgerError.unexpected("a retention rule is about something that this program does not know")
                }
                return RetentionItem(subject: subject, object: try row["object"], since: try row["since"])
            }
        }
    }

    /// Takes away what is due, each case in a transaction of its own: broken off, it goes on where it was when it is run
    /// again.
    ///
    /// - Parameter actor: The operator; nil: whoever has the machine.
    /// - Returns: What was taken away.
    /// - Throws: ``LedgerError``; `notAllowed`.
    public func runRetention(by actor: Actor? = nil) async throws(LedgerError) -> [RetentionItem] {
        let acting = try Self.operating(actor, "sees to what is kept for how long")
        let due = try await retentionDue(by: actor)
        for item in due {
            switch item.subject {
            case .confidential:
                try await transaction(.readCommitted, as: acting) { connection in
                    try await connection.query("SELECT access.erase_confidential(\(item.object))")
                }
            case .case: _ = try await erase(case: VictimID(item.object), as: acting)
            case .command, .event: continue
            }
        }
        try await transaction(.readCommitted, as: acting) { connection in
            try await connection.query(
                """
                DELETE FROM command AS c USING retention_rule AS r
                WHERE r.subject = 'command' AND c.at + r.keep <= ledger_now()
                """)
            try await connection.query("SELECT remove_old_events()")
        }
        return due
    }
}
