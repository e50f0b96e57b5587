import CareChain
import Crypto
import Foundation
import JWTKit
import Ledger
import NIOHTTP1
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import API

@Suite struct AuthenticationTests {
    @Test func `A token opens what it is for, and nothing else`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk, scopes: ["places:read"])
            #expect(try await api.send(.GET, "/v1/units", as: token).status == 200)
            let refused = try await api.send(.GET, "/v1/availability", as: token)
            #expect(refused.status == 403)
            #expect(try refused.problem().code == "insufficient-scope")
        }
    }

    @Test func `Without a token, or with one that is wrong, expired or revoked, nobody gets in`() async throws {
        try await TestAPI.with { api in
            let none = try await api.send(.GET, "/v1/units")
            #expect(none.status == 401)
            #expect(try none.problem().code == "unauthenticated")
            #expect(none.header("WWW-Authenticate") == #"Bearer realm="onderdak""#)

            let wrong = try await api.send(.GET, "/v1/units", as: "ond_wrong")
            #expect(try wrong.problem().code == "invalid-token")
            #expect(wrong.header("WWW-Authenticate")?.contains("invalid_token") == true)

            let token = try await api.token(TestAPI.desk)
            try await api.ledger.pool.query(
                "UPDATE access.token SET issued_at = now() - interval '2 days', expires_at = now() - interval '1 day'")
            #expect(try await api.send(.GET, "/v1/units", as: token).problem().code == "expired-token")

            let revoked = try await api.token(TestAPI.desk)
            #expect(try await api.send(.GET, "/v1/units", as: revoked).status == 200)
            let tokens = try await api.ledger.tokens(as: TestAPI.admin)
            #expect(tokens.first?.lastUsedAt != nil)
            try await api.ledger.revokeToken(try #require(tokens.first?.id), by: TestAPI.admin)
            #expect(try await api.send(.GET, "/v1/units", as: revoked).problem().code == "revoked-token")
        }
    }

    @Test func `Tokens are kept as hashes, and only the operator handles them`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            let kept: Data = try await api.ledger.pool.query("SELECT hash FROM access.token").one()["hash"]
            #expect(kept == Data(SHA256.hash(data: Data(token.utf8))))
            await #expect(throws: LedgerError.self) { try await api.ledger.tokens(as: TestAPI.desk) }
            await #expect(throws: LedgerError.self) {
                try await api.ledger.issueToken(
                    for: TestAPI.desk, scopes: ["*"], expires: Date(timeIntervalSinceNow: 60), by: TestAPI.desk)
            }
            await #expect(throws: LedgerError.noSuch(kind: .token, id: "99")) {
                try await api.ledger.revokeToken(99, by: TestAPI.admin)
            }
        }
    }

    // MARK: - Identity provider

    @Test func `A JWT of the provider's makes an actor of its claims`() async throws {
        let scene = ProviderScene()
        let caller = try await scene.provider.caller(scene.token())
        #expect(caller.actor == Actor(role: .coordinator, id: "north"))
        #expect(caller.scopes == ["places:read"])
    }

    @Test(arguments: [
        ("another issuer", "iss", #""https://other.example""#), ("another audience", "aud", #""other""#),
        ("no audience", "aud", "[]"), ("no end", "exp", "null"), ("not yet", "nbf", "99999999999"),
    ])
    func `A JWT with a claim that is wrong is refused`(_ what: String, _ claim: String, _ value: String) async throws {
        let scene = ProviderScene()
        let token = try await scene.token {
            $0[claim] = try JSONDecoder().decode(JSONTree.self, from: Data(value.utf8))
        }
        await #expect(throws: Problem(.invalidToken), "\(what)") { try await scene.provider.caller(token) }
    }

    @Test func `A JWT that has expired, is unsigned, or is signed with a secret or a key that is gone is refused`()
        async throws
    {
        let scene = ProviderScene()
        let old = try await scene.token { $0["exp"] = .integer(1000) }
        await #expect(throws: Problem(.expiredToken)) { try await scene.provider.caller(old) }

        let good = try await scene.token()
        let parts = good.split(separator: ".").map(String.init)
        for header in [#"{"alg":"none","kid":"one"}"#, #"{"alg":"HS256","kid":"one"}"#, #"{"alg":"ES256"}"#] {
            let forged = "\(base64URL(header)).\(parts[1]).\(parts[2])"
            await #expect(throws: Problem(.invalidToken)) { try await scene.provider.caller(forged) }
        }
        await #expect(throws: Problem(.invalidToken)) { try await scene.provider.caller("\(parts[0]).\(parts[1]).") }

        // The provider goes over to another key: it is fetched, and the old one is worth nothing any more.
        let next = ProviderKey("two")
        scene.published.withLock { $0 = [next] }
        scene.clock.withLock { $0 += 60 }
        #expect(try await scene.provider.caller(scene.token(by: next)).actor.id == "north")
        await #expect(throws: Problem(.invalidToken)) { try await scene.provider.caller(good) }
    }

    @Test func `Keys that nobody knows do not make it ask the provider at every call`() async throws {
        let scene = ProviderScene()
        _ = try await scene.provider.caller(scene.token())
        let stranger = ProviderKey("stranger")
        for _ in 0..<5 {
            let token = try await scene.token(by: stranger)
            await #expect(throws: Problem(.invalidToken)) { try await scene.provider.caller(token) }
        }
        #expect(scene.fetches.withLock { $0 } == 1)
    }

    @Test func `Who calls while the keys are fetched waits for them, and is not refused`() async throws {
        let scene = ProviderScene()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let (asked, asking) = AsyncStream<Void>.makeStream()
        let provider = IdentityProvider(
            scene.configuration(keys: ""), now: { scene.clock.withLock { $0 } },
            fetch: {
                scene.fetches.withLock { $0 += 1 }
                asking.yield()
                for await _ in gate { break }
                return Data(scene.keySet.utf8)
            })
        let token = try await scene.token()
        try await withThrowingTaskGroup(of: Caller.self) { group in
            group.addTask { try await provider.caller(token) }
            for await _ in asked { break }
            for _ in 0..<8 { group.addTask { try await provider.caller(token) } }
            // Most of them have begun to wait by then; none has been let in.
            for _ in 0..<1000 { await Task.yield() }
            opening.yield()
            for try await caller in group { #expect(caller.actor.id == "north") }
        }
        #expect(scene.fetches.withLock { $0 } == 1)
    }

    @Test func `A provider that does not answer is asked now and then, and its keys count for a day`() async throws {
        struct Down: Error {}
        let scene = ProviderScene()
        let isDown = Mutex(true)
        let provider = IdentityProvider(
            scene.configuration(keys: ""), now: { scene.clock.withLock { $0 } },
            fetch: {
                scene.fetches.withLock { $0 += 1 }
                if isDown.withLock({ $0 }) { throw Down() }
                return Data(scene.keySet.utf8)
            })
        for _ in 0..<5 { #expect(try await scene.refusal(of: provider) == .busy) }
        #expect(scene.fetches.withLock { $0 } == 1)

        isDown.withLock { $0 = false }
        #expect(try await scene.refusal(of: provider, after: 11) == nil)
        isDown.withLock { $0 = true }
        #expect(try await scene.refusal(of: provider, after: 23 * 3600) == nil)
        for _ in 0..<5 { #expect(try await scene.refusal(of: provider) == nil) }
        #expect(scene.fetches.withLock { $0 } == 3)
        #expect(try await scene.refusal(of: provider, after: 2 * 3600) == .busy)
        isDown.withLock { $0 = false }
        #expect(try await scene.refusal(of: provider, after: 11) == nil)
    }

    @Test func `A provider whose keys anybody could change, or whose roles nobody has, is not taken`() throws {
        var configuration = ProviderScene().configuration(keys: "https://id.example/keys")
        for keys in [
            "https://id.example/keys", "/etc/onderdak/keys.json", "http://localhost:8/keys", "http://127.0.0.1/keys",
            "http://[::1]:8/keys",
        ] {
            configuration.keys = keys
            #expect(throws: Never.self, "\(keys)") { try configuration.check() }
        }
        for keys in ["http://id.example/keys", "http://127.0.0.1.example/keys", "ftp://id.example/keys"] {
            configuration.keys = keys
            #expect(throws: IdentityProviderConfiguration.Unusable.self, "\(keys)") { try configuration.check() }
        }
        configuration.keys = "/etc/onderdak/keys.json"
        configuration.roles["bosses"] = "boss"
        #expect(throws: IdentityProviderConfiguration.Unusable.self) { try configuration.check() }
        configuration.roles["bosses"] = "desk"
        #expect(throws: IdentityProviderConfiguration.Unusable.self) { try configuration.check() }
        configuration.identifierClaims["desk"] = "organisation"
        #expect(throws: Never.self) { try configuration.check() }
    }

    @Test func `Over HTTP a JWT opens what its claims say, and one that is foreign, forged or of an old key nothing`()
        async throws
    {
        let scene = ProviderScene()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onderdak-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let keys = folder.appendingPathComponent("keys.json")
        try Data(scene.keySet.utf8).write(to: keys)
        try await withLedger { ledger in
            try await ledger.load(Scene().instance())
            let settings: (inout ServerSettings) -> Void = {
                $0.identityProvider = scene.configuration(keys: keys.path)
            }
            try await TestAPI.serve(ledger, settings) { api in
                // Good for minutes only: made once the server is there.
                scene.clock.withLock { $0 = Date() }
                let good = try await scene.token()
                let parts = good.split(separator: ".").map(String.init)
                let foreign = try await scene.token { $0["aud"] = .text("other") }
                let old = try await scene.token { $0["exp"] = .integer(1000) }
                let stranger = try await scene.token(by: ProviderKey("one"))
                let unsigned = base64URL(#"{"alg":"none","kid":"one"}"#)
                let secret = base64URL(#"{"alg":"HS256","kid":"one"}"#)
                let claims = base64URL(
                    #"{"iss":"https://id.example","aud":"onderdak","groups":"carers","region":"south"}"#)
                #expect(try await api.send(.GET, "/v1/units", as: good).status == 200)
                #expect(try await api.send(.GET, "/v1/requests", as: good).problem().code == "insufficient-scope")
                #expect(try await api.send(.GET, "/v1/units", as: old).problem().code == "expired-token")
                for forged in [
                    foreign, stranger, "\(unsigned).\(parts[1]).", "\(unsigned).\(parts[1]).\(parts[2])",
                    "\(secret).\(parts[1]).\(parts[2])", "\(parts[0]).\(claims).\(parts[2])", parts[1],
                ] {
                    let refused = try await api.send(.GET, "/v1/units", as: forged)
                    #expect(refused.status == 401)
                    #expect(try refused.problem().code == "invalid-token")
                }
            }
            // The provider has another key by now.
            let former = scene.key
            scene.published.withLock { $0 = [ProviderKey("two")] }
            try Data(scene.keySet.utf8).write(to: keys)
            try await TestAPI.serve(ledger, settings) { api in
                let refused = try await api.send(.GET, "/v1/units", as: try await scene.token(by: former))
                #expect(try refused.problem().code == "invalid-token")
            }
        }
    }

    private func base64URL(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}

/// A key of a made-up identity provider.
private struct ProviderKey: Sendable {
    let id: String
    let key = ES256PrivateKey()

    init(_ id: String) {
        self.id = id
    }

    var published: String {
        let (x, y) = key.publicKey.parameters.map { ($0.x, $0.y) } ?? ("", "")
        return #"{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"\#(id)","x":"\#(x)","y":"\#(y)"}"#
    }
}

private final class ProviderScene: Sendable {
    let key = ProviderKey("one")
    let published: Mutex<[ProviderKey]>
    let fetches = Mutex(0)
    let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    init() {
        published = Mutex([key])
    }

    var provider: IdentityProvider { _provider }

    private var _provider: IdentityProvider {
        cached.withLock { cached in
            if let cached { return cached }
            let made = IdentityProvider(
                configuration(keys: ""), now: { self.clock.withLock { $0 } },
                fetch: {
                    self.fetches.withLock { $0 += 1 }
                    return Data(self.keySet.utf8)
                })
            cached = made
            return made
        }
    }

    func configuration(keys: String) -> IdentityProviderConfiguration {
        IdentityProviderConfiguration(
            issuer: "https://id.example", audience: "onderdak", keys: keys, roleClaim: "groups",
            roles: ["carers": "coordinator"], identifierClaims: ["coordinator": "region"], scopeClaim: "scope")
    }

    /// What the provider publishes. Its other keys, of kinds that are not for signatures here, do no harm.
    var keySet: String {
        let keys = published.withLock { $0.map(\.published) }
        let others = [#"{"kty":"oct","kid":"secret","k":"c2VjcmV0"}"#]
        return "{\"keys\":[\((others + keys).joined(separator: ","))]}"
    }

    private let cached = Mutex<IdentityProvider?>(nil)

    /// What a provider answers some seconds later to a token that is good; nil: it is taken.
    func refusal(of provider: IdentityProvider, after seconds: TimeInterval = 0) async throws -> ProblemCode? {
        clock.withLock { $0 += seconds }
        let token = try await token()
        do {
            _ = try await provider.caller(token)
            return nil
        } catch let problem as Problem {
            return problem.code
        }
    }

    func token(
        by signer: ProviderKey? = nil, _ change: (inout [String: JSONTree]) throws -> Void = { _ in }
    ) async throws -> String {
        let signer = signer ?? key
        let now = Int(clock.withLock { $0 }.timeIntervalSince1970)
        var claims: [String: JSONTree] = [
            "iss": .text("https://id.example"), "aud": .list([.text("onderdak"), .text("else")]),
            "exp": .integer(now + 300), "nbf": .integer(now), "groups": .list([.text("staff"), .text("carers")]),
            "region": .text("north"), "scope": .text("places:read"),
        ]
        try change(&claims)
        let keys = JWTKeyCollection()
        await keys.add(ecdsa: signer.key, kid: JWKIdentifier(string: signer.id))
        return try await keys.sign(Payload(tree: .object(claims)), kid: JWKIdentifier(string: signer.id))
    }

    private struct Payload: JWTPayload {
        let tree: JSONTree
        init(tree: JSONTree) { self.tree = tree }
        init(from decoder: any Decoder) throws { tree = try JSONTree(from: decoder) }
        func encode(to encoder: any Encoder) throws { try tree.encode(to: encoder) }
        func verify(using algorithm: some JWTAlgorithm) {}
    }
}
