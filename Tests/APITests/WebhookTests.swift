import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import API
@testable import Ledger

@Suite struct WebhookTests {
    /// Somebody else's server, which remembers what it was sent and answers as it is told.
    private struct Receiver {
        struct Delivery {
            let path: String
            let headers: [String: String]
            let body: Data
        }

        let port: Int
        let deliveries: AsyncStream<Delivery>

        static func with(
            _ answer: @escaping @Sendable (String) -> Response = { _ in Response(status: .noContent) },
            _ body: (Receiver) async throws -> Void
        ) async throws {
            let (ports, port) = AsyncStream<Int>.makeStream()
            let (deliveries, delivery) = AsyncStream<Delivery>.makeStream()
            let logger = Logger(label: "receiver", factory: { _ in SwiftLogNoOpLogHandler() })
            let application = Application(
                responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                    let body = Data(try await request.body.collect(upTo: 1 << 16).readableBytesView)
                    let headers = Dictionary(
                        request.headers.map { ($0.name.canonicalName, $0.value) },
                        uniquingKeysWith: { first, _ in first })
                    delivery.yield(Delivery(path: request.uri.path, headers: headers, body: body))
                    return answer(request.uri.path)
                }, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: logger)
            let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: logger))
            async let running: Void = group.run()
            var iterator = ports.makeAsyncIterator()
            let receiver = Receiver(port: await iterator.next() ?? 0, deliveries: deliveries)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(receiver))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await running
            try result.get()
        }
    }

    private static let loopback = WebhookTargetPolicy(allowsLoopback: true)

    private static func message(_ url: String) -> WebhookMessage {
        WebhookMessage(delivery: 1, url: url, headers: [("webhook-id", "msg_1")], body: Data("{}".utf8))
    }

    @Test func `A message goes where it is allowed to, and a redirect is an answer like any other`() async throws {
        try await Receiver.with { path in
            path == "/away" ? Response(status: .found, headers: [.location: "/there"]) : Response(status: .noContent)
        } _: { receiver in
            let sender = HTTPWebhookSender(Self.loopback, timeout: .seconds(600))
            let url = "http://localhost:\(receiver.port)"
            #expect(await sender.send(Self.message("\(url)/there")) == .answered(status: 204))
            #expect(await sender.send(Self.message("\(url)/away")) == .answered(status: 302))
            var deliveries = receiver.deliveries.makeAsyncIterator()
            let first = try #require(await deliveries.next())
            #expect(first.headers["webhook-id"] == "msg_1")
            #expect(await deliveries.next()?.path == "/away")
        }
    }

    @Test func `A name that leads to this machine, a private network or nowhere is not connected to`() async throws {
        try await Receiver.with { receiver in
            let sender = HTTPWebhookSender(WebhookTargetPolicy(), timeout: .seconds(600))
            for host in ["localhost", "127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "nowhere.invalid"] {
                #expect(
                    await sender.send(Self.message("http://\(host):\(receiver.port)/")) == .failed("address"), "\(host)"
                )
            }
        }
    }

    @Test func `Who does not answer, or not by TLS, is a failure with a code`() async throws {
        try await Receiver.with { receiver in
            let sender = HTTPWebhookSender(Self.loopback, timeout: .seconds(600))
            #expect(
                await sender.send(Self.message("https://127.0.0.1:\(receiver.port)/")) == .failed("tls"))
            #expect(await sender.send(Self.message("http://127.0.0.1:1/")) == .failed("connection"))
        }
    }

    @Test func `What happens is delivered, signed with the secret that was shown once`() async throws {
        let keys = try KeyRing(KeyRing.line(forNewKey: "a"))
        try await Receiver.with { receiver in
            try await TestAPI.with { settings in
                settings.keys = keys
                settings.webhookTargets = Self.loopback
            } _: { api in
                let token = try await api.token(TestAPI.desk)
                let json = #"{"url": "http://127.0.0.1:\#(receiver.port)/hook", "kinds": ["capacity-reported"]}"#
                let headers = ["Idempotency-Key": "k"]
                let added = try await api.send(.POST, "/v1/webhooks", as: token, headers: headers, json: json)
                let hook = try added.decoded(AddedWebhook.self)
                let secret = try #require(hook.secret)
                let again = try await api.send(.POST, "/v1/webhooks", as: token, headers: headers, json: json)
                #expect(try again.decoded(AddedWebhook.self).secret == nil)
                #expect(try again.decoded(AddedWebhook.self).id == hook.id)

                let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                let service = WebhookService(
                    ledger: api.ledger, keys: keys, targets: Self.loopback, interval: .milliseconds(50),
                    timeout: .seconds(600), logger: logger)
                let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
                async let running: Void = group.run()
                let shelter = try await api.token(TestAPI.shelter)
                let reported = try await api.send(
                    .PUT, "/v1/units/u1/capacity", as: shelter, headers: ["If-Match": "*"],
                    json: #"{"kind":"free","number":1,"reason":"counted"}"#)
                #expect(reported.status == 200)
                var deliveries = receiver.deliveries.makeAsyncIterator()
                let delivery = try #require(await deliveries.next())
                await group.triggerGracefulShutdown()
                try await running
                let seconds = try #require(delivery.headers["webhook-timestamp"].flatMap(Double.init))
                let signature = WebhookSignature.headers(
                    id: try #require(delivery.headers["webhook-id"]), at: Date(timeIntervalSince1970: seconds),
                    body: delivery.body, secret: secret)
                #expect(signature?.last?.value == delivery.headers["webhook-signature"])
                let done = try await api.send(.GET, "/v1/webhook-deliveries?state=delivered", as: token)
                #expect(try done.decoded(PageBody<DeliveryBody>.self).items.map(\.status) == [204])
            }
        }
    }

    @Test func `A subscription is stopped, started, looked at and removed by whom it is of, and by no other`()
        async throws
    {
        try await TestAPI.with { settings in
            settings.keys = try KeyRing(KeyRing.line(forNewKey: "a"))
        } _: { api in
            let token = try await api.token(TestAPI.desk)
            let stranger = try await api.token(TestAPI.shelter)
            let added = try await api.send(
                .POST, "/v1/webhooks", as: token, json: #"{"url": "https://desk.example/hook"}"#)
            let id = try added.decoded(AddedWebhook.self).id
            func hooks(_ token: String) async throws -> [WebhookBody] {
                try await api.send(.GET, "/v1/webhooks", as: token).decoded(PageBody<WebhookBody>.self).items
            }
            #expect(try await hooks(token).map(\.active) == [true])
            #expect(try await hooks(stranger).isEmpty)
            let off = #"{"active": false}"#
            let (hook, active) = ("/v1/webhooks/\(id)", "/v1/webhooks/\(id)/active")
            #expect(try await api.send(.GET, hook, as: stranger).status == 404)
            let before = try #require(try await api.send(.GET, hook, as: token).header("ETag"))
            // Whether the version is right is no more told to others than whether there is a subscription.
            for version in ["*", before, #""99""#] {
                let headers = ["If-Match": version]
                #expect(try await api.send(.PUT, active, as: stranger, headers: headers, json: off).status == 404)
                #expect(try await api.send(.DELETE, hook, as: stranger, headers: headers).status == 404)
            }
            #expect(try await api.send(.PUT, active, as: token, json: off).status == 428)
            #expect(try await api.send(.DELETE, hook, as: token).status == 428)
            let once = ["If-Match": before, "Idempotency-Key": "off"]
            var after = ""
            for _ in 0..<2 {
                let stopped = try await api.send(.PUT, active, as: token, headers: once, json: off)
                #expect(stopped.status == 200, "\(stopped.text)")
                after = try #require(stopped.header("ETag"))
            }
            #expect(after != before)
            #expect(try await hooks(token).map(\.active) == [false])
            // A key from when the outcome was kept in another form.
            try await api.ledger.pool.query(
                """
                INSERT INTO command (actor, key, kind, fingerprint, result) VALUES (
                    'desk/national', 'kept', 'webhook-set',
                    sha256(convert_to(\(#"["webhook-set","\#(id)","false"]"#), 'UTF8')), 'true')
                """)
            let kept = ["If-Match": after, "Idempotency-Key": "kept"]
            let old = try await api.send(.PUT, active, as: token, headers: kept, json: off)
            #expect(try old.problem().code == "key-reused")
            for (method, path, json) in [(HTTPMethod.PUT, active, off), (.DELETE, hook, nil)]
                as [(HTTPMethod, String, String?)]
            {
                let stale = try await api.send(method, path, as: token, headers: ["If-Match": before], json: json)
                #expect(try stale.problem().code == "outdated")
            }
            for _ in 0..<2 {
                let gone = try await api.send(
                    .DELETE, hook, as: token, headers: ["If-Match": after, "Idempotency-Key": "gone"])
                #expect(gone.status == 200, "\(gone.text)")
            }
            #expect(try await hooks(token).isEmpty)
            #expect(try await api.send(.DELETE, hook, as: token, headers: ["If-Match": "*"]).status == 404)
            for url in ["http://desk.example/", "https://localhost/", "https://10.0.0.1/"] {
                let refused = try await api.send(.POST, "/v1/webhooks", as: token, json: #"{"url": "\#(url)"}"#)
                #expect(try refused.problem().code == "refused", "\(url)")
            }
        }
    }

    @Test func `Dead deliveries are listed and queued again`() async throws {
        try await TestAPI.with { settings in
            settings.keys = try KeyRing(KeyRing.line(forNewKey: "a"))
        } _: { api in
            let token = try await api.token(TestAPI.desk)
            let added = try await api.send(
                .POST, "/v1/webhooks", as: token, json: #"{"url": "https://desk.example/hook"}"#)
            let id = try added.decoded(AddedWebhook.self).id
            let retries = "/v1/webhooks/\(id)/retries"
            #expect(try await api.send(.POST, retries, as: token, json: "{}").status == 404)
            let shelter = try await api.token(TestAPI.shelter)
            _ = try await api.send(
                .PUT, "/v1/units/u1/capacity", as: shelter, headers: ["If-Match": "*"],
                json: #"{"kind":"free","number":1,"reason":"counted"}"#)
            _ = try await api.ledger.lastEventPosition()
            try await api.ledger.pool.query(
                "UPDATE webhook_delivery SET state = 'dead', failure = 'timeout', finished_at = now()")
            let dead = try await api.send(.GET, "/v1/webhook-deliveries?webhook=\(id)", as: token)
                .decoded(PageBody<DeliveryBody>.self).items
            #expect(!dead.isEmpty && dead.allSatisfy { $0.failure == "timeout" })
            let queued = try await api.send(.POST, retries, as: token, json: "{}")
            #expect(try queued.decoded(QueuedDeliveries.self).queued == dead.count)
        }
    }
}
