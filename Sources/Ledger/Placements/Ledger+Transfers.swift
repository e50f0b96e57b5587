public import CareChain
public import Foundation
import Postgres

/// A transfer, with how far its handover is.
public struct TransferRecord: Sendable, Equatable, Codable {
    /// Where it is.
    public enum State: String, CaseIterable, Sendable, Codable {
        /// A place is looked for.
        case wanted
        /// A place is agreed on; the handover is under way.
        case agreed
        /// The handover is complete.
        case completed
        /// It is not wanted any more.
        case cancelled
    }

    /// Its number.
    public let id: Int
    /// Its version (``Versioned/transfer(_:)``).
    public let version: Int
    /// The request whose victims move.
    public let request: String
    /// Why.
    public let reason: String
    /// When somebody said so.
    public let wantedAt: Date
    /// Who.
    public let wantedBy: String
    /// Where it is.
    public let state: State
    /// The offer that was accepted for it.
    public let offer: Int?
    /// When the dossier was sent.
    public let dossierSentAt: Date?
    /// When the dossier was received.
    public let dossierReceivedAt: Date?
    /// When medication was there.
    public let medicationAt: Date?
    /// The region in which the transport begins.
    public let transportFrom: String?
    /// The region to which it goes.
    public let transportTo: String?
    /// When it leaves.
    public let transportAt: Date?
    /// The organisation that drives.
    public let transportBy: String?
    /// When it was complete.
    public let completedAt: Date?
}

extension Ledger {
    /// A page of the transfers, in the order of making.
    ///
    /// - Parameters:
    ///   - request: Only of this request; nil: of all.
    ///   - openOnly: Only those that are wanted or agreed on.
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func transfers(
        of request: RequestID? = nil, openOnly: Bool = false, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<TransferRecord> {
        let order = ListOrder("transfers", .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT id, version, request, reason, wanted_at, wanted_by, state, offer, dossier_sent_at,
                    dossier_received_at, medication_at, transport_from, transport_to, transport_at, transport_by,
                    completed_at
                FROM transfer
                WHERE (\(request?.text as String?)::text IS NULL OR request = \(request?.text as String?))
                    AND (NOT \(openOnly)::boolean OR state IN ('wanted', 'agreed'))
                    AND (\(start.isFirst)::boolean OR id > \(start.number(0) as Int?)::bigint)
                ORDER BY id LIMIT \(start.rows as Int?)
                """
            ).map { row in
                TransferRecord(
                    id: try row["id"], version: try row["version"], request: try row["request"],
                    reason: try row["reason"], wantedAt: try row["wanted_at"], wantedBy: try row["wanted_by"],
                    state: try row.value("state"), offer: try row["offer"],
                    dossierSentAt: try row["dossier_sent_at"], dossierReceivedAt: try row["dossier_received_at"],
                    medicationAt: try row["medication_at"], transportFrom: try row["transport_from"],
                    transportTo: try row["transport_to"], transportAt: try row["transport_at"],
                    transportBy: try row["transport_by"], completedAt: try row["completed_at"])
            }
        }
        return order.page(found, page) { [String($0.id)] }
    }
}
