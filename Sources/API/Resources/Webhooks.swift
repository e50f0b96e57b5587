import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Subscriptions to events, and deliveries that failed.
    static var webhooks: [Operation] {
        [
            Operation(
                .get, "/v1/webhooks", id: "listWebhooks", scope: "webhooks:read", query: WebhookQuery.self,
                content: PageBody<WebhookBody>.self
            ) { call in
                Answer(PageBody(try await call.ledger.webhooks(call.query.page(), as: call.actor), WebhookBody.init))
            },
            Operation(
                .get, "/v1/webhooks/{id}", id: "getWebhook", scope: "webhooks:read", content: WebhookBody.self
            ) { call in
                let webhook = try await call.ledger.webhook(call.path("id"), as: call.actor)
                return Answer(WebhookBody(webhook), version: Version(webhook.version))
            },
            Operation(
                .post, "/v1/webhooks", id: "addWebhook", scope: "webhooks:write", body: NewWebhookBody.self,
                content: AddedWebhook.self, success: .created, takesKey: true
            ) { call in
                let new = try await call.ledger.addWebhook(
                    to: call.body.url, kinds: Set(call.body.kinds ?? []), by: call.actor, keys: call.keys,
                    policy: call.webhookTargets, key: call.key)
                return Answer(AddedWebhook(id: new.id, secret: new.secret))
            },
            Operation(
                .put, "/v1/webhooks/{id}/active", id: "setWebhookActive", scope: "webhooks:write",
                body: WebhookActivity.self, content: WebhookActivity.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try call.path("id")
                let version = try await call.ledger(expecting: .webhook(id, of: call.actor)).setWebhook(
                    id, active: call.body.active, by: call.actor, key: call.key)
                return Answer(call.body, version: Version(version))
            },
            Operation(
                .delete, "/v1/webhooks/{id}", id: "removeWebhook", scope: "webhooks:write",
                content: RemovedWebhook.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try call.path("id")
                try await call.ledger(expecting: .webhook(id, of: call.actor)).removeWebhook(
                    id, by: call.actor, key: call.key)
                return Answer(RemovedWebhook(id: id))
            },
            Operation(
                .get, "/v1/webhook-deliveries", id: "listWebhookDeliveries", scope: "webhooks:read",
                query: DeliveryQuery.self, content: PageBody<DeliveryBody>.self
            ) { call in
                let found = try await call.ledger.deliveries(
                    of: call.query.webhook, in: call.query.state ?? .dead, call.query.page(), as: call.actor)
                return Answer(PageBody(found, DeliveryBody.init))
            },
            Operation(
                .post, "/v1/webhooks/{id}/retries", id: "retryWebhookDeliveries", scope: "webhooks:write",
                body: DeliveryRetry.self, content: QueuedDeliveries.self, takesKey: true
            ) { call in
                Answer(
                    QueuedDeliveries(
                        queued: try await call.ledger.retryDeliveries(
                            of: call.path("id"), only: call.body.delivery, by: call.actor, key: call.key)))
            },
        ]
    }
}

struct WebhookQuery: Codable, Sendable, PageQuery {
    let limit: Int?
    let cursor: String?
}

struct WebhookBody: Codable, Sendable {
    let id: String
    let version: Int
    let owner: String
    let url: String
    let kinds: [String]
    let active: Bool
    let madeAt: Date
    let dead: Int

    init(_ webhook: Webhook) {
        id = webhook.id
        version = webhook.version
        owner = webhook.owner
        url = webhook.url
        kinds = webhook.kinds
        active = webhook.active
        madeAt = webhook.madeAt
        dead = webhook.dead
    }
}

struct NewWebhookBody: Codable, Sendable {
    let url: String
    let kinds: [String]?
}

struct AddedWebhook: Codable, Sendable {
    let id: String
    let secret: String?
}

struct WebhookActivity: Codable, Sendable {
    let active: Bool
}

struct RemovedWebhook: Codable, Sendable {
    let id: String
}

struct DeliveryQuery: Codable, Sendable, PageQuery {
    let webhook: String?
    let state: WebhookDelivery.State?
    let limit: Int?
    let cursor: String?
}

struct DeliveryBody: Codable, Sendable {
    let id: Int
    let webhook: String
    let event: Int
    let kind: String
    let state: WebhookDelivery.State
    let attempts: Int
    let nextAt: Date?
    let status: Int?
    let failure: String?

    init(_ delivery: WebhookDelivery) {
        id = delivery.id
        webhook = delivery.webhook
        event = delivery.event
        kind = delivery.kind
        state = delivery.state
        attempts = delivery.attempts
        nextAt = delivery.nextAt
        status = delivery.status
        failure = delivery.failure
    }
}

/// Which dead deliveries to queue again: one, or all.
struct DeliveryRetry: Codable, Sendable {
    let delivery: Int?
}

struct QueuedDeliveries: Codable, Sendable {
    let queued: Int
}
