import CareChain
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct WebhookTests {
    /// A sender that answers as it is told, and remembers what it was given.
    private final class Recorder: WebhookSender {
        let messages = Mutex<[WebhookMessage]>([])
        let answer: @Sendable (WebhookMessage) -> WebhookOutcome

        init(_ answer: @escaping @Sendable (WebhookMessage) -> WebhookOutcome = { _ in .answered(status: 204) }) {
            self.answer = answer
        }

        func send(_ message: WebhookMessage) async -> WebhookOutcome {
            messages.withLock { $0.append(message) }
            return answer(message)
        }

        var bodies: [String] { messages.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } } }
    }

    private static func keys(_ id: String = "a") throws -> KeyRing { try KeyRing(KeyRing.line(forNewKey: id)) }

    /// An offer to a shelter that has a webhook.
    private func withHook(
        _ body: (FlowScene, Actor, KeyRing, NewWebhook) async throws -> Void
    ) async throws {
        try await FlowScene.run { scene in
            let (shelter, keys) = (FlowScene.shelter(of: "open"), try Self.keys())
            let hook = try await scene.ledger.addWebhook(
                to: "https://shelter.example/hook", kinds: ["offer-made", "offer-accepted"], by: shelter, keys: keys)
            try await scene.request("a")
            _ = try await scene.offer("a", "open")
            try await body(scene, shelter, keys, hook)
        }
    }

    @Test func `A delivery is signed as Standard Webhooks says`() throws {
        // The example of the specification's libraries.
        let headers = try #require(
            WebhookSignature.headers(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: Date(timeIntervalSince1970: 1_614_265_330),
                body: Data(#"{"test": 2432232314}"#.utf8), secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers[1].value == "1614265330")
        #expect(headers[2].value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(WebhookSignature.headers(id: "m", at: Date(), body: Data(), secret: "no secret") == nil)
    }

    @Test func `What the owner may know is delivered once, signed, and without anything about persons`() async throws {
        try await withHook { scene, shelter, keys, hook in
            let secret = try #require(hook.secret)
            _ = try await scene.offer("a", "far")
            let sender = Recorder()
            while try await scene.ledger.deliverWebhooks(keys, by: sender) > 0 {}
            let messages = sender.messages.withLock { $0 }
            // The offer to the other shelter is none of this one's business.
            #expect(messages.count == 1)
            let message = try #require(messages.first)
            #expect(message.url == "https://shelter.example/hook")
            let body = String(decoding: message.body, as: UTF8.self)
            #expect(
                body.hasPrefix(
                    #"{"data":{"offer":1,"request":"a"},"timestamp":"2026-01-05T11:00:00Z","type":"offer-made"}"#))
            let sent = Dictionary(message.headers.map { ($0.name, $0.value) }) { first, _ in first }
            let seconds = try #require(sent["webhook-timestamp"].flatMap(Double.init))
            let again = WebhookSignature.headers(
                id: try #require(sent["webhook-id"]), at: Date(timeIntervalSince1970: seconds), body: message.body,
                secret: secret)
            #expect(again?.last?.value == sent["webhook-signature"])
            let withheld = try await scene.ledger.deliveries(in: .withheld, .all, as: shelter).elements
            #expect(withheld.map(\.kind) == ["offer-made"])
            #expect(
                try await scene.ledger.deliveries(in: .delivered, .all, as: shelter).elements.map(\.status) == [204])
            #expect(try await scene.ledger.nextDelivery() == nil)
        }
    }

    @Test func `What fails is tried again later and in the end is dead, until somebody queues it again`() async throws {
        try await withHook { scene, shelter, keys, hook in
            let failing = Recorder { _ in .answered(status: 503) }
            for attempt in 1...WebhookRetry.attempts {
                let before: Date = try await scene.ledger.pool.query("SELECT clock_timestamp()").one()[0]
                #expect(try await scene.ledger.deliverWebhooks(keys, by: failing) == 1)
                if attempt < WebhookRetry.attempts {
                    let due = try #require(try await scene.ledger.nextDelivery())
                    #expect(due >= before + WebhookRetry.delay(after: attempt, chance: 0))
                }
                // Not before its time, which may have come meanwhile.
                try await scene.ledger.pool.query(
                    "UPDATE webhook_delivery SET next_at = next_at + interval '1 hour'")
                #expect(try await scene.ledger.deliverWebhooks(keys, by: failing) == 0)
                #expect(failing.bodies.count == attempt)
                try await scene.ledger.pool.query("UPDATE webhook_delivery SET next_at = now()")
            }
            let ids = failing.messages.withLock {
                Set($0.flatMap(\.headers).filter { $0.name == "webhook-id" }.map(\.value))
            }
            #expect(ids.count == 1)
            let dead = try await scene.ledger.deliveries(of: hook.id, in: .dead, .all, as: shelter).elements
            #expect(dead.map(\.attempts) == [WebhookRetry.attempts])
            #expect(dead.map(\.status) == [503])
            #expect(try await scene.ledger.webhooks(.all, as: shelter).elements.map(\.dead) == [1])
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.retryDeliveries(of: hook.id, by: FlowScene.shelter(of: "far"))
            }
            #expect(try await scene.ledger.retryDeliveries(of: hook.id, by: shelter) == 1)
            let sender = Recorder()
            #expect(try await scene.ledger.deliverWebhooks(keys, by: sender) == 1)
            #expect(sender.bodies.count == 1)
        }
    }

    @Test func `The wait grows four times at each attempt, to a day, and never more than a quarter by chance`() {
        #expect((1...10).map { WebhookRetry.delay(after: $0, chance: 0) }.prefix(4) == [5, 20, 80, 320])
        #expect(WebhookRetry.delay(after: 10, chance: 0) == 86_400)
        #expect(WebhookRetry.delay(after: 2, chance: 1) == 25)
    }

    @Test func `Two who deliver at once do not deliver the same, and what one that died had taken is delivered later`()
        async throws
    {
        try await withHook { scene, _, keys, _ in
            for id in ["b", "c", "d"] {
                try await scene.request(id)
                _ = try await scene.offer(id, "open")
            }
            let sender = Recorder()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { while try await scene.ledger.deliverWebhooks(keys, by: sender, limit: 2) > 0 {} }
                }
                try await group.waitForAll()
            }
            #expect(sender.bodies.count == 4)
            #expect(Set(sender.bodies).count == 4)
            try await scene.ledger.pool.query(
                "UPDATE webhook_delivery SET state = 'waiting', finished_at = NULL, next_at = now(), leased_until = now() + interval '1 minute'"
            )
            #expect(try await scene.ledger.deliverWebhooks(keys, by: sender) == 0)
            try await scene.ledger.pool.query("UPDATE webhook_delivery SET leased_until = now() - interval '1 second'")
            #expect(try await scene.ledger.deliverWebhooks(keys, by: sender) == 4)
        }
    }

    @Test func `What is not the owner's to know any more at the delivery is withheld`() async throws {
        try await FlowScene.run { scene in
            let (police, keys) = (FlowScene.police, try Self.keys())
            _ = try await scene.ledger.addWebhook(to: "https://police.example/x", by: police, keys: keys)
            try await scene.request("a")
            try await scene.ledger.pool.query("INSERT INTO police_case VALUES ('a-1', 'north', '[2026-01-01,)')")
            _ = try await scene.offer("a", "open")
            _ = try await scene.ledger.lastEventPosition()
            try await scene.ledger.pool.query("UPDATE police_case SET days = '[2026-01-01,2026-01-02)'")
            let sender = Recorder()
            while try await scene.ledger.deliverWebhooks(keys, by: sender) > 0 {}
            #expect(sender.bodies.isEmpty)
            #expect(try await !scene.ledger.deliveries(in: .withheld, .all, as: police).elements.isEmpty)
        }
    }

    @Test func `A side that is gone is left alone from then on`() async throws {
        try await withHook { scene, shelter, keys, _ in
            _ = try await scene.ledger.deliverWebhooks(keys, by: Recorder { _ in .answered(status: 410) })
            #expect(try await scene.ledger.webhooks(.all, as: shelter).elements.map(\.active) == [false])
            try await scene.request("b")
            _ = try await scene.offer("b", "open")
            #expect(try await scene.ledger.deliverWebhooks(keys, by: Recorder()) == 0)
        }
    }

    @Test func `A subscription is its owner's: seen, stopped and ended by nobody else`() async throws {
        try await withHook { scene, shelter, keys, hook in
            let other = FlowScene.shelter(of: "far")
            #expect(try await scene.ledger.webhooks(.all, as: other).elements.isEmpty)
            #expect(try await scene.ledger.webhooks(.all, as: FlowScene.desk).elements.isEmpty)
            #expect(try await scene.ledger.webhooks(.all, as: FlowScene.actor("admin/ops")).elements.count == 1)
            for forbidden in [FlowScene.desk, other] {
                await #expect(throws: LedgerError.noSuch(kind: .webhook, id: hook.id)) {
                    try await scene.ledger.removeWebhook(hook.id, by: forbidden)
                }
            }
            try await scene.ledger.setWebhook(hook.id, active: false, by: shelter)
            #expect(try await scene.ledger.deliverWebhooks(keys, by: Recorder()) == 0)
            try await scene.ledger.removeWebhook(hook.id, by: shelter)
            #expect(try await scene.ledger.webhooks(.all, as: shelter).elements.isEmpty)
            for text in ["funder/f", "governor/g", "auditor/a"] {
                await #expect(throws: LedgerError.self) {
                    try await scene.ledger.addWebhook(
                        to: "https://x.example/", by: FlowScene.actor(text), keys: keys)
                }
            }
        }
    }

    @Test func `The secret is shown once, sealed where it is kept, and sealed anew with a new key`() async throws {
        try await FlowScene.run { scene in
            let old = KeyRing.line(forNewKey: "old")
            let keys = try KeyRing(old)
            let first = try await scene.ledger.addWebhook(
                to: "https://desk.example/x", by: FlowScene.desk, keys: keys, key: "k")
            let again = try await scene.ledger.addWebhook(
                to: "https://desk.example/x", by: FlowScene.desk, keys: keys, key: "k")
            #expect(again.id == first.id)
            #expect(again.secret == nil)
            let secret = try #require(first.secret)
            let kept: Int = try await scene.ledger.pool.query(
                "SELECT count(*) FROM command WHERE result::text LIKE '%' || \(secret) || '%'"
            ).one()[0]
            #expect(kept == 0)
            let both = try KeyRing(KeyRing.line(forNewKey: "new") + "\n" + old)
            #expect(try await scene.ledger.rotateKeys(both) == 1)
            #expect(try await scene.ledger.keysInUse().map(\.id) == ["new"])
            try await scene.request("a")
            _ = try await scene.offer("a", "open")
            let sender = Recorder()
            #expect(try await scene.ledger.deliverWebhooks(both, by: sender) > 0)
            #expect(!sender.bodies.isEmpty)
        }
    }

    @Test(arguments: [
        "http://desk.example/", "ftp://desk.example/", "https://", "desk.example", "https://user@desk.example/",
        "https://user:pw@desk.example/", "https://desk.example/#x", "https://desk example/", "https://10.0.0.1/",
        "https://172.16.3.4/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data", "https://127.0.0.1/",
        "https://localhost/", "https://x.localhost/", "https://[::1]/", "https://[fd00::1]/", "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://0.0.0.0/",
        "https://[::]/", "https://224.0.0.1/", "https://2130706433/", "https://0x7f000001/", "https://127.1/",
        "https://100.64.0.1/", "https://desk.example\\@evil.example/", "http://127.0.0.1:8080/",
    ])
    func `An address by which one reaches what one should not is refused`(url: String) {
        #expect(throws: LedgerError.self) { try Self.check(url, WebhookTargetPolicy()) }
    }

    @Test func `Public addresses are allowed, and others where they are configured`() throws {
        try Self.check("https://desk.example:8443/hooks/1?a=b", WebhookTargetPolicy())
        try Self.check("https://8.8.8.8/", WebhookTargetPolicy())
        try Self.check("https://[2a00:1450::1]/", WebhookTargetPolicy())
        try Self.check("http://127.0.0.1:8080/", WebhookTargetPolicy(allowsLoopback: true))
        try Self.check("http://localhost:8080/", WebhookTargetPolicy(allowsLoopback: true))
        try Self.check("https://10.1.2.3/", WebhookTargetPolicy(allowsPrivateNetworks: true))
        #expect(throws: LedgerError.self) {
            try Self.check("http://10.1.2.3/", WebhookTargetPolicy(allowsPrivateNetworks: true))
        }
        // What a name turned out to be.
        #expect(!WebhookTargetPolicy().allows(address: "10.0.0.1"))
        #expect(!WebhookTargetPolicy().allows(address: "::1"))
        #expect(!WebhookTargetPolicy().allows(address: "nonsense"))
        #expect(WebhookTargetPolicy().allows(address: "8.8.8.8"))
    }

    /// Untyped, because `#expect` of a call with a typed error crashes Swift 6.3's compiler.
    private static func check(_ url: String, _ policy: WebhookTargetPolicy) throws { try policy.check(url) }
}
