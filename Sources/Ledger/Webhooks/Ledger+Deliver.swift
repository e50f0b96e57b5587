public import Foundation
import Postgres

extension Ledger {
    /// Delivers what is due: takes some deliveries, so that no other process takes them too, asks of each whether its owner
    /// may know it now, signs it, has it sent, and keeps what came of it. A process that dies in between leaves them to be
    /// taken again a minute later: each is delivered at least once, with the same `webhook-id`.
    ///
    /// - Parameters:
    ///   - keys: For the secrets.
    ///   - sender: Who sends.
    ///   - limit: At most so many, sent side by side.
    /// - Returns: How many deliveries were taken: when as many as the limit, there may be more.
    /// - Throws: ``LedgerError``
    public func deliverWebhooks(
        _ keys: KeyRing, by sender: some WebhookSender, limit: Int = 20
    ) async throws(LedgerError) -> Int {
        _ = try await lastEventPosition()
        let taken = try await takeDeliveries(limit)
        let secrets = try await webhookSecrets(of: Set(taken.map(\.webhook)), keys)
        var messages: [(TakenDelivery, WebhookMessage)] = []
        for delivery in taken {
            guard let event = try await event(of: delivery) else {
                try await finish(delivery, .withheld)
                continue
            }
            guard let message = try delivery.message(of: event, secret: secrets[delivery.webhook]) else {
                try await finish(delivery, .failed("secret"))
                continue
            }
            messages.append((delivery, message))
        }
        let outcomes = await withTaskGroup(of: (TakenDelivery, WebhookOutcome).self) { group in
            for (delivery, message) in messages { group.addTask { (delivery, await sender.send(message)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (delivery, outcome) in outcomes { try await finish(delivery, Ending(outcome)) }
        return taken.count
    }

    /// When the next delivery is due; nil: none waits.
    ///
    /// - Throws: ``LedgerError``
    public func nextDelivery() async throws(LedgerError) -> Date? {
        try await transaction(.readCommitted, readOnly: true) { connection in
            try await connection.query(
                """
                SELECT min(greatest(d.next_at, d.leased_until)) AS due
                FROM webhook_delivery AS d JOIN webhook AS w ON w.id = d.webhook AND w.active WHERE d.state = 'waiting'
                """
            ).one()["due"]
        }
    }

    // MARK: - Steps

    private func takeDeliveries(_ limit: Int) async throws(LedgerError) -> [TakenDelivery] {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE webhook_delivery AS d SET attempts = d.attempts + 1, leased_until = now() + interval '1 minute'
                FROM webhook AS w
                WHERE w.id = d.webhook AND d.id IN (
                    SELECT q.id FROM webhook_delivery AS q JOIN webhook AS v ON v.id = q.webhook AND v.active
                    WHERE q.state = 'waiting' AND q.next_at <= now() AND (q.leased_until IS NULL OR q.leased_until < now())
                    ORDER BY q.next_at, q.id LIMIT \(limit) FOR UPDATE OF q SKIP LOCKED)
                RETURNING d.id, d.webhook::text AS webhook, d.event, d.attempts, w.owner, w.url
                """
            ).map { row in
                TakenDelivery(
                    id: try row["id"], webhook: try row["webhook"], position: try row["event"],
                    attempts: try row["attempts"], owner: try row["owner"], url: try row["url"])
            }
        }
    }

    /// The event, if the owner may know it now.
    private func event(of delivery: TakenDelivery) async throws(LedgerError) -> LedgerEvent? {
        try await view(as: delivery.owner) { connection in
            try await connection.query(
                "SELECT position, at, kind, subject FROM outbox WHERE position = \(delivery.position)"
            ).first.map { try LedgerEvent($0) }
        }
    }

    private func webhookSecrets(
        of webhooks: Set<String>, _ keys: KeyRing
    ) async throws(LedgerError) -> [String: String] {
        try await transaction(.readCommitted, readOnly: true) { connection in
            let rows = try await connection.query(
                """
                SELECT webhook::text AS webhook, key_id, ciphertext
                FROM confidential.webhook_secrets(\(webhooks.sorted())::text[]::uuid[])
                """)
            var secrets: [String: String] = [:]
            for row in rows {
                let webhook: String = try row["webhook"]
                let sealed = SealedValue(keyID: try row["key_id"], ciphertext: try row["ciphertext"])
                secrets[webhook] = try sealed.open(in: .webhook(webhook), with: keys)
            }
            return secrets
        }
    }

    private enum Ending {
        case withheld
        case answered(status: Int, retryAfter: Int?)
        case failed(String)

        init(_ outcome: WebhookOutcome) {
            switch outcome {
            case .answered(let status, let retryAfter): self = .answered(status: status, retryAfter: retryAfter)
            case .failed(let failure): self = .failed(failure)
            }
        }
    }

    private func finish(_ delivery: TakenDelivery, _ ending: Ending) async throws(LedgerError) {
        var status: Int?
        var failure: String?
        var wait = WebhookRetry.delay(after: delivery.attempts, chance: .random(in: 0...1))
        var state: WebhookDelivery.State = delivery.attempts < WebhookRetry.attempts ? .waiting : .dead
        switch ending {
        case .withheld: state = .withheld
        case .failed(let code): failure = code
        case .answered(let answer, _) where (200..<300).contains(answer): (state, status) = (.delivered, answer)
        case .answered(let answer, let retryAfter):
            (status, failure) = (answer, "status")
            // Gone: the other side wants no more of them.
            if answer == 410 { state = .dead }
            if let retryAfter { wait = max(wait, min(Double(retryAfter), 86_400)) }
        }
        try await transaction(.readCommitted) { connection in
            // Unless it was taken over, because this took too long.
            let kept = try await connection.query(
                """
                UPDATE webhook_delivery SET state = \(state.rawValue), status = \(status as Int?)::smallint,
                    failure = \(failure as String?), leased_until = NULL,
                    next_at = now() + make_interval(secs => \(wait)::float8),
                    finished_at = CASE WHEN \(state != .waiting)::boolean THEN now() END
                WHERE id = \(delivery.id) AND state = 'waiting' AND attempts = \(delivery.attempts)::smallint
                """)
            if kept.affected == 1, status == 410 {
                try await connection.query("UPDATE webhook SET active = false WHERE id = \(delivery.webhook)::uuid")
            }
        }
    }
}

private struct TakenDelivery: Sendable {
    let id: Int
    let webhook: String
    let position: Int
    let attempts: Int
    let owner: Actor
    let url: String

    /// The message; nil without a secret.
    func message(of event: LedgerEvent, secret: String?) throws(LedgerError) -> WebhookMessage? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let body: Data
        do {
            body = try encoder.encode(Payload(type: event.kind, timestamp: event.at, data: event.subject))
        } catch {
            throw LedgerError(error)
        }
        guard let secret,
            let signature = WebhookSignature.headers(id: "msg_\(id)", at: Date(), body: body, secret: secret)
        else { return nil }
        return WebhookMessage(
            delivery: id, url: url, headers: [("content-type", "application/json")] + signature, body: body)
    }

    private struct Payload: Encodable {
        let type: String
        let timestamp: Date
        let data: EventSubject
    }
}
