public import Foundation

/// A subscription to events, delivered to an address.
public struct Webhook: Sendable, Equatable, Codable {
    /// Its identifier.
    public let id: String
    /// Its version.
    public let version: Int
    /// Who subscribed, and may know what is delivered.
    public let owner: String
    /// Where deliveries go.
    public let url: String
    /// The kinds of events; empty: all that the owner may know.
    public let kinds: [String]
    /// Whether it is served.
    public let active: Bool
    /// When it was made.
    public let madeAt: Date
    /// How many of its deliveries are dead.
    public let dead: Int
}

/// A new subscription, with the secret that signs its deliveries.
public struct NewWebhook: Sendable, Equatable, Codable {
    /// Its identifier.
    public let id: String
    /// The secret; nil when the subscription was made before with the same key: it is shown once.
    public let secret: String?
}

/// What became of the delivery of an event.
public struct WebhookDelivery: Sendable, Equatable, Codable {
    /// Where it is.
    public enum State: String, CaseIterable, Sendable, Codable {
        /// It is tried, or will be again.
        case waiting
        /// The other side took it.
        case delivered
        /// It was not the owner's to know any more when it was to be delivered.
        case withheld
        /// It was tried as often as is tried; it can be queued again.
        case dead
    }

    /// Its number.
    public let id: Int
    /// The subscription.
    public let webhook: String
    /// The position of the event.
    public let event: Int
    /// What the event is.
    public let kind: String
    /// Where it is.
    public let state: State
    /// How often it was tried.
    public let attempts: Int
    /// When it is tried next; nil: not any more.
    public let nextAt: Date?
    /// The HTTP status of the last answer.
    public let status: Int?
    /// What went wrong the last time.
    public let failure: String?
}

/// A delivery that is to be sent now: a POST request.
public struct WebhookMessage: Sendable {
    /// The number of the delivery.
    public let delivery: Int
    /// Where it goes.
    public let url: String
    /// Its headers, signature and content type among them.
    public let headers: [(name: String, value: String)]
    /// Its body, JSON: `type`, `timestamp` and `data`, which holds identifiers and codes.
    public let body: Data
}

/// How sending went.
public enum WebhookOutcome: Sendable, Equatable {
    /// The other side answered with a status; 2xx: it took it, 410: it wants no more of them.
    case answered(status: Int, retryAfter: Int? = nil)
    /// There was no answer; a code: `timeout`, `connection`, `address`, `tls`.
    case failed(String)
}

/// Who sends webhooks: over HTTP in the program, otherwise in tests. It follows no redirect, waits no longer than some
/// seconds, and connects only where ``WebhookTargetPolicy/allows(address:)`` lets it.
public protocol WebhookSender: Sendable {
    /// Sends a message once.
    func send(_ message: WebhookMessage) async -> WebhookOutcome
}
