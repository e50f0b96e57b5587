import ArgumentParser
import Foundation
import Ledger

/// `onderdak webhook`: subscriptions to events, and deliveries that failed.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Webhooks: subscribe to events, see and queue again what could not be delivered.",
        discussion: "Example: onderdak webhook dead --as shelter/s12",
        subcommands: [Add.self, List.self, Start.self, Stop.self, Remove.self, Dead.self, Retry.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Subscribe an address to events; prints the secret that signs them, once.",
            discussion: """
                Deliveries follow Standard Webhooks: POST with webhook-id, webhook-timestamp and webhook-signature. They hold \
                identifiers and codes, and only what you may know when they are delivered.

                Example: onderdak webhook add https://shelter.example/hook --kind offer-made --as shelter/s12
                """)

        @Argument(help: "Where events are delivered, by https.") var url: String
        @Option(help: "A kind of event (default: all that you may know); may be given several times.")
        var kind: [String] = []
        @Flag(help: "Allow addresses of this machine, also by plain http.") var allowLoopback = false
        @Flag(help: "Allow addresses of private networks.") var allowPrivateNetworks = false
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let policy = WebhookTargetPolicy(
                allowsLoopback: allowLoopback, allowsPrivateNetworks: allowPrivateNetworks)
            try await acting.answer(
                {
                    try await $0.addWebhook(
                        to: url, kinds: Set(kind), by: $1, keys: keys, policy: policy, key: keyed.key)
                },
                table: { new in
                    "webhook \(new.id)\n" + (new.secret.map { "secret  \($0)\n" } ?? "its secret was shown before\n")
                })
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Your subscriptions; to the operator all.",
            discussion: "Example: onderdak webhook list --as admin/ops")

        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({ try await $0.webhooks(.all, as: $1).elements }) { hooks in
                var table = TextTable([
                    ("webhook", .left), ("owner", .left), ("address", .left), ("events", .left), ("active", .left),
                    ("dead", .right),
                ])
                for hook in hooks {
                    let kinds = hook.kinds.isEmpty ? "all" : hook.kinds.joined(separator: ", ")
                    table.add([hook.id, hook.owner, hook.url, kinds, hook.active ? "yes" : "no", String(hook.dead)])
                }
                return table.text
            }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start", abstract: "Serve a subscription again.",
            discussion: "Example: onderdak webhook start 4b0d... --as shelter/s12")

        @Argument(help: "The webhook.") var webhook: String
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("webhook \(webhook) is served") {
                try await $0.setWebhook(webhook, active: true, by: $1)
            }
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stop", abstract: "Serve a subscription no more until it is started.",
            discussion: "Example: onderdak webhook stop 4b0d... --as shelter/s12")

        @Argument(help: "The webhook.") var webhook: String
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("webhook \(webhook) is stopped") {
                try await $0.setWebhook(webhook, active: false, by: $1)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "End a subscription, with what was still to be delivered.",
            discussion: "Example: onderdak webhook remove 4b0d... --as shelter/s12")

        @Argument(help: "The webhook.") var webhook: String
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.done("webhook \(webhook) is removed") { try await $0.removeWebhook(webhook, by: $1) }
        }
    }

    struct Dead: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dead", abstract: "Deliveries that were given up.",
            discussion: "Example: onderdak webhook dead --as shelter/s12")

        @Option(help: "Only of this webhook.") var webhook: String?
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer({ try await $0.deliveries(of: webhook, in: .dead, .all, as: $1).elements }) {
                deliveries in
                var table = TextTable([
                    ("delivery", .right), ("webhook", .left), ("event", .left), ("attempts", .right), ("why", .left),
                ])
                for delivery in deliveries {
                    table.add([
                        String(delivery.id), delivery.webhook, delivery.kind, String(delivery.attempts),
                        delivery.status.map { "status \($0)" } ?? delivery.failure ?? "",
                    ])
                }
                return table.text
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Queue dead deliveries of a webhook again.",
            discussion: "Example: onderdak webhook retry 4b0d... --delivery 17 --as shelter/s12")

        @Argument(help: "The webhook.") var webhook: String
        @Option(help: "Only this delivery (default: all that are dead).") var delivery: Int?
        @OptionGroup var keyed: KeyOption
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            try await acting.answer(
                { try await $0.retryDeliveries(of: webhook, only: delivery, by: $1, key: keyed.key) },
                table: { "\($0) queued again\n" })
        }
    }
}
