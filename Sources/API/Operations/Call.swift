import CareChain
import Foundation
import HTTPTypes
import Hummingbird
import Ledger

/// What an operation is called with: all of it read and checked.
struct Call<Query: Sendable, Body: Sendable>: Sendable {
    fileprivate let exchange: Exchange
    /// What the address says after `?`.
    let query: Query
    /// What was sent.
    let body: Body
    /// The caller's key for a write; nil: every call is one of its own.
    let key: String?
    /// The version that the caller changes; nil: whichever it is.
    let version: Version?

    init(exchange: Exchange, query: Query, body: Body, key: String?, version: Version?) {
        self.exchange = exchange
        self.query = query
        self.body = body
        self.key = key
        self.version = version
    }

    /// The ledger.
    var ledger: Ledger { exchange.ledger }
    /// The ledger for a step that is made only when a thing has the version that the caller knows.
    ///
    /// - Throws: `outdated`: it is no version that was ever told.
    func ledger(expecting thing: Versioned) throws(Problem) -> Ledger {
        guard let version else { return ledger }
        return ledger.expecting(try version.number(), of: thing)
    }
    /// The language in which to speak.
    var language: Language { exchange.language }
    /// A key that is always there: the caller's, or else a new one. Not the request's id, which a caller or a gateway may
    /// give to several calls.
    func keyOrNew() -> String { key ?? UUID().uuidString.lowercased() }

    /// How much of everything is taken.
    var limits: Limits { exchange.limits }
    /// Whether the caller has hung up.
    var isAbandoned: Bool { exchange.connection?.isAbandoned ?? false }

    /// As whom the caller acts.
    var actor: Actor {
        get throws(Problem) {
            guard let caller = exchange.caller else { throw Problem(.unauthenticated) }
            return caller.actor
        }
    }

    /// The keys of what is confidential.
    ///
    /// - Throws: `notReady`: this server has none.
    var keys: KeyRing {
        get throws(Problem) {
            guard let keys = exchange.keys else {
                throw Problem(
                    .notReady, english: "this server has no keys of what is confidential",
                    dutch: "deze server heeft geen sleutels van wat vertrouwelijk is")
            }
            return keys
        }
    }
    /// Where webhooks may lead.
    var webhookTargets: WebhookTargetPolicy { exchange.webhookTargets }

    /// A parameter of the path.
    func path(_ name: String) throws(Problem) -> String {
        guard let value = exchange.parameters[name] else { throw Problem(.notFound) }
        return value
    }

    /// A parameter of the path that is a number; what is none names nothing.
    func number(_ name: String) throws(Problem) -> Int {
        guard let number = Int(try path(name)) else { throw Problem(.notFound) }
        return number
    }
}
