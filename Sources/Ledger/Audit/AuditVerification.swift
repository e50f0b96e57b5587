public import CareChain
import Foundation
import Postgres

extension Ledger {
    /// Compares the audit trail with its seals, a page at a time: memory does not grow with it.
    ///
    /// - Parameters:
    ///   - keys: The keys that sealed it.
    ///   - heads: Seals by number, as they were noted elsewhere: what was removed from the end shows only by them.
    ///   - day: From which day (UTC) on entries are compared; of earlier ones only that seals and the ends of the chains are
    ///     as they were. Nil: all.
    ///   - actor: The auditor, with the auditor's own rights, or the operator; nil: whoever has the machine.
    /// - Throws: ``LedgerError``; `keys` when one is missing; `notAllowed`.
    public func verifyAudit(
        _ keys: KeyRing, heads: [Int: String] = [:], since day: CalendarDate? = nil, as actor: Actor? = nil
    ) async throws(LedgerError) -> AuditVerdict {
        var acting = try Self.operating(actor, or: [.auditor], "verifies the audit trail")
        if let actor, actor.role == .auditor { acting = .actor(actor) }
        // One snapshot, so that entries and links belong to each other while others seal.
        return try await transaction(.repeatableRead, readOnly: true, as: acting) { connection in
            var verification = AuditVerification(connection: connection, keys: keys)
            return try await verification.run(heads: heads, since: day?.description)
        }
    }
}

/// One comparison of the trail with its seals.
private struct AuditVerification {
    let connection: Connection
    let keys: KeyRing
    var verdict = AuditVerdict()

    init(connection: Connection, keys: KeyRing) {
        self.connection = connection
        self.keys = keys
    }

    mutating func run(heads: [Int: String], since: String?) async throws -> AuditVerdict {
        let upTo = try await verifySeals(heads)
        var day: String? = try await nextDay(after: nil)
        while let current = day {
            verdict.days += 1
            // Both as ISO 8601 writes them, which sorts by date.
            if let since, current < since {
                try await verifyEnd(of: current)
            } else {
                try await verify(day: current)
            }
            day = try await nextDay(after: current)
        }
        try await findInserted(from: try await firstEntry(since: since), upTo: upTo)
        return verdict
    }

    // MARK: - Seals

    /// Walks the seals in order; gives up to which entry the newest reaches.
    private mutating func verifySeals(_ heads: [Int: String]) async throws -> Int {
        var (number, upTo) = (0, 0)
        var previous = ""
        while true {
            let rows = try await connection.query(
                """
                SELECT \(unsafe: Self.sealColumns) FROM audit.seal WHERE number > \(number)
                ORDER BY number LIMIT \(Ledger.auditPage)
                """)
            if rows.isEmpty { break }
            for row in rows {
                let seal = try AuditSeal(row)
                let mac: String = try row["mac"]
                let isNext = seal.number == number + 1
                if !isNext {
                    verdict.add(AuditFinding(.seal, Self.sentence(missingFrom: number + 1, through: seal.number - 1)))
                }
                // After a gap, what it was tied to is not known.
                if isNext, AuditChain(try keys.key(seal.keyID)).seal(seal, after: previous) != mac {
                    verdict.add(AuditFinding(.seal, "seal \(seal.number) was changed"))
                }
                if let noted = heads[seal.number], noted != mac {
                    verdict.add(AuditFinding(.seal, "seal \(seal.number) is not the one that was noted"))
                }
                (number, previous) = (seal.number, mac)
                upTo = max(upTo, seal.upTo)
            }
        }
        if let noted = heads.keys.max(), noted > number {
            verdict.add(AuditFinding(.seal, Self.sentence(missingFrom: number + 1, through: noted)))
        }
        verdict.seal = number == 0 ? nil : number
        verdict.head = number == 0 ? nil : previous
        return upTo
    }

    private static func sentence(missingFrom first: Int, through last: Int) -> String {
        first == last ? "seal \(first) is missing" : "seals \(first) to \(last) are missing"
    }

    private static let sealColumns = """
        number, (extract(epoch FROM sealed_at) * 1000000)::bigint AS microseconds, day::text AS day, entries, \
        encode(chain, 'base64') AS chain, up_to, key_id, encode(mac, 'base64') AS mac
        """

    // MARK: - Days

    private func nextDay(after day: String?) async throws -> String? {
        let first: String? = try await connection.query(
            """
            SELECT least(
                (SELECT min(day) FROM audit.link WHERE day > coalesce(\(day as String?)::date, '-infinity')),
                (SELECT min(day) FROM audit.seal WHERE day > coalesce(\(day as String?)::date, '-infinity')))::text AS day
            """
        ).one()["day"]
        return first
    }

    /// Compares where the chain of a day ends with its last seal, without the entries.
    private mutating func verifyEnd(of day: String) async throws {
        let differs: Bool = try await connection.query(
            """
            SELECT (l.position, l.chain) IS DISTINCT FROM (s.entries, s.chain) AS differs
            FROM (SELECT) AS day
            LEFT JOIN LATERAL (
                SELECT position, chain FROM audit.link WHERE day = \(day)::date ORDER BY position DESC LIMIT 1) AS l ON true
            LEFT JOIN LATERAL (
                SELECT entries, chain FROM audit.seal WHERE day = \(day)::date ORDER BY number DESC LIMIT 1) AS s ON true
            """
        ).one()["differs"]
        if differs { verdict.add(AuditFinding(.seal, "the chain of \(day) does not end as it was sealed")) }
    }

    /// The number of the first entry that is compared; all are, unless a day is given.
    private func firstEntry(since day: String?) async throws -> Int {
        guard let day else { return Int.min }
        return try await connection.query(
            "SELECT coalesce(min(entry), 0) AS entry FROM audit.link WHERE day >= \(day)::date"
        ).one()["entry"]
    }

    private mutating func verify(day: String) async throws {
        let seals = try await connection.query(
            """
            SELECT \(unsafe: Self.sealColumns) FROM audit.seal WHERE day = \(day)::date ORDER BY number
            """
        ).map { row throws(PostgresError) in try AuditSeal(row) }
        var pending = seals[...]
        var (position, previous) = (0, "")
        var isKnown = true
        while true {
            let rows = try await connection.query(
                """
                SELECT l.position, l.entry, encode(l.content, 'base64') AS content, encode(l.chain, 'base64') AS chain,
                    e.number, \(unsafe: AuditEntry.content) AS says
                FROM audit.link AS l LEFT JOIN audit.entry AS e ON e.number = l.entry
                WHERE l.day = \(day)::date AND l.position > \(position) ORDER BY l.position LIMIT \(Ledger.auditPage)
                """)
            if rows.isEmpty { break }
            for row in rows {
                let here: Int = try row["position"]
                if here != position + 1 {
                    let what = here == position + 2 ? "entry \(position + 1)" : "entries \(position + 1) to \(here - 1)"
                    verdict.add(AuditFinding(.removed, "\(what) of \(day) with their links were removed"))
                    isKnown = false
                }
                while let seal = pending.first, seal.entries < here { pending.removeFirst() }
                guard let seal = pending.first else {
                    let entry: Int = try row["entry"]
                    verdict.add(
                        AuditFinding(.inserted, entry: entry, "entry \(entry) of \(day) has a link but no seal"))
                    (position, previous, isKnown) = (here, try row["chain"], true)
                    continue
                }
                try await verify(
                    row, at: here, of: day, after: isKnown ? previous : nil, AuditChain(try keys.key(seal.keyID)))
                (position, previous, isKnown) = (here, try row["chain"], true)
                if seal.entries == here, seal.chain != previous {
                    verdict.add(AuditFinding(.seal, "seal \(seal.number) is of another chain than that of \(day)"))
                }
                verdict.sealed += 1
            }
        }
        if let seal = seals.last, seal.entries > position {
            verdict.add(
                AuditFinding(
                    .removed, "the last \(seal.entries - position) entries of \(day) with their links were removed"))
        }
    }

    /// Compares an entry with its link, and the link with the one before where that is there.
    private mutating func verify(
        _ row: Row, at position: Int, of day: String, after previous: String?, _ chain: AuditChain
    ) async throws {
        let (entry, content): (Int, String) = (try row["entry"], try row["content"])
        if try row["number", as: Int?.self] == nil {
            verdict.add(AuditFinding(.removed, entry: entry, "entry \(entry) of \(day) was removed"))
        } else {
            let found = chain.seal(content: try row["says"])
            if found != content {
                // Looked for only where something is wrong: what stands here may have been sealed elsewhere.
                let owner: Int? = try await connection.query(
                    "SELECT min(entry) AS entry FROM audit.link WHERE content = decode(\(found), 'base64')"
                ).one()["entry"]
                if let owner {
                    verdict.add(
                        AuditFinding(.reordered, entry: entry, "entry \(owner) stands in the place of entry \(entry)"))
                } else {
                    verdict.add(AuditFinding(.changed, entry: entry, "entry \(entry) of \(day) was changed"))
                }
            }
        }
        if let previous,
            try row["chain"]
                != chain.link(
                    day: day, position: position, entry: entry, content: content, after: previous)
        {
            verdict.add(
                AuditFinding(
                    .reordered, entry: entry, "entry \(entry) is not the one sealed at place \(position) of \(day)"))
        }
    }

    // MARK: - What has no link

    private mutating func findInserted(from first: Int, upTo: Int) async throws {
        verdict.unsealed = try await connection.query(
            "SELECT count(*) AS n FROM audit.entry WHERE number > \(upTo)"
        ).one()["n"]
        // Numbers are given out from 1, but who slips one in may choose.
        var cursor = first
        while true {
            let rows = try await connection.query(
                """
                SELECT e.number FROM audit.entry AS e
                WHERE e.number > \(cursor) AND e.number <= \(upTo)
                    AND NOT EXISTS (SELECT FROM audit.link AS l WHERE l.entry = e.number)
                ORDER BY e.number LIMIT \(Ledger.auditPage)
                """)
            guard let last = rows.last else { break }
            for row in rows {
                let number: Int = try row["number"]
                verdict.add(AuditFinding(.inserted, entry: number, "entry \(number) was slipped in among sealed ones"))
            }
            cursor = try last["number"]
        }
    }
}

extension AuditSeal {
    fileprivate init(_ row: Row) throws(PostgresError) {
        self.init(
            number: try row["number"], microseconds: try row["microseconds"], day: try row["day"],
            entries: try row["entries"], chain: try row["chain"], upTo: try row["up_to"], keyID: try row["key_id"])
    }
}
