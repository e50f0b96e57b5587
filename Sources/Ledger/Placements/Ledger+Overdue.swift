public import Foundation
import Postgres

/// Something that is late.
public struct OverdueItem: Sendable, Equatable, Codable {
    /// What: `offer-answer`, `guardian`, `place`, `night-confirmation`, `handover` or `end`.
    public let task: String
    /// The request that it is about.
    public let request: String
    /// The thing itself: the request, or the number of an offer or transfer.
    public let subject: String
    /// When it was due.
    public let due: Date
}

extension Ledger {
    /// All that is late, the longest first.
    ///
    /// - Throws: ``LedgerError``
    public func overdue(as actor: Actor) async throws(LedgerError) -> [OverdueItem] {
        try await view(as: actor) { connection in
            try await connection.query("SELECT task, request, subject, due FROM overdue ORDER BY due, task, subject")
                .map {
                    OverdueItem(
                        task: try $0["task"], request: try $0["request"], subject: try $0["subject"], due: try $0["due"]
                    )
                }
        }
    }
}
