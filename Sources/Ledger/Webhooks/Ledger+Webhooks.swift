import Foundation
import Postgres

extension Ledger {
    /// Subscribes an actor to events.
    ///
    /// - Parameters:
    ///   - url: Where they are delivered, by https.
    ///   - kinds: Their kinds; empty: all that the actor may know.
    ///   - policy: Which addresses are allowed.
    /// - Returns: The subscription, with the secret that signs its deliveries: it is kept sealed and shown this once.
    /// - Throws: ``LedgerError``; `invalid` for an address that is none or not allowed.
    public func addWebhook(
        to url: String, kinds: Set<String> = [], by actor: Actor, keys: KeyRing,
        policy: WebhookTargetPolicy = WebhookTargetPolicy(), key: String? = nil
    ) async throws(LedgerError) -> NewWebhook {
        try policy.check(url)
        let secret = WebhookSignature.newSecret()
        let new = UUID().uuidString.lowercased()
        // The secret is no part of the outcome, which is kept for repeated commands.
        let id = try await step("webhook-add", by: actor, key: key, asked: [url] + kinds.sorted()) { connection in
            try Self.checkHearsEvents(actor)
            let sealed = try SealedValue(secret, for: .webhook(new), with: keys)
            try await connection.query(
                "INSERT INTO webhook (id, owner, url, kinds) VALUES (\(new)::uuid, \(actor), \(url), \(kinds.sorted()))"
            )
            try await connection.query(
                "SELECT confidential.keep_webhook_secret(\(new)::uuid, \(sealed.keyID), \(sealed.ciphertext))")
            return new
        }
        return NewWebhook(id: id, secret: id == new ? secret : nil)
    }

    /// Starts or stops a subscription of an actor's. While it is stopped nothing is put before it.
    ///
    /// - Returns: Its version from then on.
    /// - Throws: ``LedgerError``; `noSuch`; `stale`.
    @discardableResult
    public func setWebhook(
        _ id: String, active: Bool, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        // Not "webhook-set", of which keys are kept with another outcome.
        try await step("webhook-set-active", by: actor, key: key, asked: [id, String(active)]) { connection in
            let changed = try await connection.query(
                "UPDATE webhook SET active = \(active) WHERE id::text = \(id) AND owner = \(actor) RETURNING version")
            guard let row = changed.first else { throw LedgerError.noSuch(kind: .webhook, id: id) }
            return try row["version"]
        }
    }

    /// Ends a subscription of an actor's, with what was still to be delivered.
    ///
    /// - Throws: ``LedgerError``; `noSuch`; `stale`.
    public func removeWebhook(_ id: String, by actor: Actor, key: String? = nil) async throws(LedgerError) {
        _ = try await step("webhook-remove", by: actor, key: key, asked: [id]) { connection in
            let gone = try await connection.query("DELETE FROM webhook WHERE id::text = \(id) AND owner = \(actor)")
            if gone.affected == 0 { throw LedgerError.noSuch(kind: .webhook, id: id) }
            return true
        }
    }

    /// A page of the subscriptions: an actor's own, to the operator all.
    ///
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func webhooks(_ page: PageRequest, as actor: Actor) async throws(LedgerError) -> Page<Webhook> {
        let order = ListOrder("webhooks", .instant, .text)
        let start = try order.start(page)
        let found = try await webhooks(nil, start, as: actor)
        return order.page(found, page) { [$0.madeAt.sortKey, $0.id] }
    }

    /// A subscription, as far as the actor may know of it.
    ///
    /// - Throws: ``LedgerError``; `noSuch`.
    public func webhook(_ id: String, as actor: Actor) async throws(LedgerError) -> Webhook {
        let found = try await webhooks(id, ListOrder("webhooks").start(.all), as: actor)
        guard let webhook = found.first else { throw .noSuch(kind: .webhook, id: id) }
        return webhook
    }

    private func webhooks(
        _ id: String?, _ start: ListStart, as actor: Actor
    ) async throws(LedgerError) -> [Webhook] {
        try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT w.id::text AS id, w.version, w.owner, w.url, w.kinds, w.active, w.made_at,
                    (SELECT count(*) FROM webhook_delivery AS d WHERE d.webhook = w.id AND d.state = 'dead') AS dead
                FROM webhook AS w
                WHERE (\(id as String?)::text IS NULL OR w.id::text = \(id as String?))
                    AND (\(start.isFirst)::boolean
                        OR (w.made_at, w.id::text) > (\(start.instant(0) as Date?), \(start.text(1) as String?)::text))
                ORDER BY w.made_at, w.id::text LIMIT \(start.rows as Int?)
                """
            ).map { row in
                Webhook(
                    id: try row["id"], version: try row["version"], owner: try row["owner"], url: try row["url"],
                    kinds: try row["kinds"], active: try row["active"], madeAt: try row["made_at"],
                    dead: try row["dead"])
            }
        }
    }

    /// A page of deliveries in a state, the oldest first.
    ///
    /// - Parameter webhook: Only of this subscription; nil: of all.
    /// - Throws: ``LedgerError``; `invalid` for a cursor of another list.
    public func deliveries(
        of webhook: String? = nil, in state: WebhookDelivery.State, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<WebhookDelivery> {
        let order = ListOrder("deliveries", .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { connection in
            try await connection.query(
                """
                SELECT d.id, d.webhook::text AS webhook, d.event, d.kind, d.state, d.attempts, d.status, d.failure,
                    CASE WHEN d.state = 'waiting' THEN d.next_at END AS next_at
                FROM webhook_delivery AS d
                WHERE d.state = \(state.rawValue)
                    AND (\(webhook as String?)::text IS NULL OR d.webhook::text = \(webhook as String?))
                    AND (\(start.isFirst)::boolean OR d.id > \(start.number(0) as Int?)::bigint)
                ORDER BY d.id LIMIT \(start.rows as Int?)
                """
            ).map { row in
                WebhookDelivery(
                    id: try row["id"], webhook: try row["webhook"], event: try row["event"], kind: try row["kind"],
                    state: try row.value("state"), attempts: try row["attempts"], nextAt: try row["next_at"],
                    status: try row["status"], failure: try row["failure"])
            }
        }
        return order.page(found, page) { [String($0.id)] }
    }

    /// Queues dead deliveries of an actor's subscription again: the one of a number, or all.
    ///
    /// - Returns: How many.
    /// - Throws: ``LedgerError``; `noSuch` when there is none.
    public func retryDeliveries(
        of webhook: String, only delivery: Int? = nil, by actor: Actor, key: String? = nil
    ) async throws(LedgerError) -> Int {
        let asked = [webhook, delivery.map(String.init)]
        return try await step("webhook-retry", by: actor, key: key, asked: asked) { connection in
            let queued = try await connection.query(
                """
                UPDATE webhook_delivery AS d SET state = 'waiting', attempts = 0, next_at = now(), finished_at = NULL
                FROM webhook AS w
                WHERE w.id = d.webhook AND w.id::text = \(webhook) AND w.owner = \(actor) AND d.state = 'dead'
                    AND (\(delivery as Int?)::bigint IS NULL OR d.id = \(delivery as Int?))
                """)
            if queued.affected == 0 {
                throw LedgerError.noSuch(
                    kind: .deadDelivery, id: webhook + (delivery.map { " \($0)" } ?? ""))
            }
            return queued.affected
        }
    }
}
