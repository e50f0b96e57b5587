import Foundation
import Postgres

/// What a sealing step did.
public struct SealReport: Sendable, Equatable {
    /// Entries that were sealed.
    public let entries: Int
    /// The number of the newest seal; nil: there is none yet.
    public let seal: Int?
    /// The newest seal's own seal, to be kept elsewhere: with it, also the removal of the newest entries is noticed.
    public let head: String?
}

/// The last link of a day's chain.
private struct ChainEnd {
    var position: Int
    var chain: String
    var grew = false
}

extension Ledger {
    /// How many entries are read, sealed or verified at a time; what bounds memory.
    static let auditPage = 5000

    /// Chains and seals the entries of the audit trail that are not sealed yet.
    ///
    /// It waits for transactions that may still add entries before the newest one, but nobody waits for it.
    /// - Parameters:
    ///   - keys: The first key seals.
    ///   - patience: How long to wait for such transactions.
    ///   - actor: The operator or an auditor; nil: whoever has the machine.
    /// - Throws: ``LedgerError``; `unsealable` when they take longer; `notAllowed`.
    @discardableResult
    public func seal(
        _ keys: KeyRing, patience: Duration = .seconds(30), by actor: Actor? = nil
    ) async throws(LedgerError) -> SealReport {
        let acting = try Self.operating(actor, or: [.auditor], "seals the audit trail")
        return try await transaction(.readCommitted, as: acting) { connection in
            try await connection.query("SELECT audit.lock_seals()")
            let through: Int = try await connection.query("SELECT audit.last_number() AS n").one()["n"]
            try await Self.waitForWriters(patience, on: connection)

            let last = try await connection.query(
                "SELECT number, up_to, encode(mac, 'base64') AS mac FROM audit.seal ORDER BY number DESC LIMIT 1"
            ).first
            let lastNumber: Int = try last?["number"] ?? 0
            let lastMac: String? = try last?["mac"]
            var cursor: Int = try last?["up_to"] ?? 0
            let chain = AuditChain(keys.current)
            var ends: [String: ChainEnd] = [:]
            var sealed = 0
            while true {
                let rows = try await connection.query(
                    """
                    SELECT e.number, (e.at AT TIME ZONE 'UTC')::date::text AS day, \(unsafe: AuditEntry.content) AS content
                    FROM audit.entry AS e WHERE e.number > \(cursor) AND e.number <= \(through)
                    ORDER BY e.number LIMIT \(Self.auditPage)
                    """)
                guard let lastRow = rows.last else { break }
                try await Self.link(rows, to: &ends, chain, on: connection)
                cursor = try lastRow["number"]
                sealed += rows.count
            }
            // What runs every few minutes sees to it that a backup's key is not for long the one that is in use.
            try await Self.renewSigningKey(olderThan: "1 day", on: connection)
            return try await Self.addSeals(
                of: ends, entries: sealed, upTo: through, after: (lastNumber, lastMac), keys, on: connection)
        }
    }

    /// Waits until all transactions that hold a lock for adding entries now have ended; those that begin later do not count.
    private static func waitForWriters(_ patience: Duration, on connection: Connection) async throws {
        let clock = ContinuousClock()
        let end = clock.now + patience
        var writers = try await writers(on: connection)
        while !writers.isEmpty {
            guard clock.now < end else { throw LedgerError.unsealable(transactions: writers.count) }
            // PostgreSQL tells nobody that another's transaction has ended.
            try await Task.sleep(for: .milliseconds(20))
            writers.formIntersection(try await Self.writers(on: connection))
        }
    }

    private static func writers(on connection: Connection) async throws -> Set<String> {
        Set(try await connection.query("SELECT audit.writers() AS writer").map { try $0["writer"] })
    }

    private static func link(
        _ rows: Rows, to ends: inout [String: ChainEnd], _ chain: AuditChain, on connection: Connection
    ) async throws {
        var (days, positions, entries): ([String], [Int], [Int]) = ([], [], [])
        var (contents, chains): ([String], [String]) = ([], [])
        for row in rows {
            let (number, day): (Int, String) = (try row["number"], try row["day"])
            if ends[day] == nil { ends[day] = try await end(of: day, on: connection) }
            guard var end = ends[day] else { continue }
            let content = chain.seal(content: try row["content"])
            end.position += 1
            end.chain = chain.link(
                day: day, position: end.position, entry: number, content: content, after: end.chain)
            end.grew = true
            ends[day] = end
            days.append(day)
            positions.append(end.position)
            entries.append(number)
            contents.append(content)
            chains.append(end.chain)
        }
        try await connection.query(
            """
            INSERT INTO audit.link (day, position, entry, content, chain)
            SELECT day::date, position, entry, decode(content, 'base64'), decode(chain, 'base64')
            FROM unnest(\(days), \(positions), \(entries), \(contents), \(chains))
                AS l(day, position, entry, content, chain)
            """)
    }

    private static func end(of day: String, on connection: Connection) async throws -> ChainEnd {
        let row = try await connection.query(
            """
            SELECT position, encode(chain, 'base64') AS chain FROM audit.link
            WHERE day = \(day)::date ORDER BY position DESC LIMIT 1
            """
        ).first
        return ChainEnd(position: try row?["position"] ?? 0, chain: try row?["chain"] ?? "")
    }

    private static func addSeals(
        of ends: [String: ChainEnd], entries: Int, upTo: Int, after last: (number: Int, mac: String?), _ keys: KeyRing,
        on connection: Connection
    ) async throws -> SealReport {
        var (number, mac) = last
        let chain = AuditChain(keys.current)
        for (day, end) in ends.sorted(by: { $0.key < $1.key }) {
            number += 1
            let seal = AuditSeal(
                number: number, microseconds: Int(Date().timeIntervalSince1970 * 1_000_000), day: day,
                entries: end.position, chain: end.chain, upTo: upTo, keyID: keys.currentID)
            let sealed = chain.seal(seal, after: mac ?? "")
            try await connection.query(
                """
                INSERT INTO audit.seal (number, sealed_at, day, entries, chain, up_to, key_id, mac) VALUES (
                    \(number), 'epoch'::timestamptz + \(seal.microseconds)::bigint * interval '1 microsecond',
                    \(day)::date, \(seal.entries), decode(\(seal.chain), 'base64'), \(upTo), \(seal.keyID),
                    decode(\(sealed), 'base64'))
                """)
            mac = sealed
        }
        return SealReport(entries: entries, seal: number == 0 ? nil : number, head: mac)
    }
}
