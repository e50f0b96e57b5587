package import CareChain
package import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Ledger
import NIOCore

/// The API without a server: its operations, carried out in this process as an actor.
package struct LedgerTransport: Transport {
    private let ledger: Ledger
    private let actor: Actor
    private let language: Language
    private let routes = Routes(Operation.all)

    /// Carries requests to a ledger's operations, which answer in a language.
    package init(_ ledger: Ledger, as actor: Actor, speaking language: Language) {
        self.ledger = ledger
        self.actor = actor
        self.language = language
    }

    /// Sends a request.
    package func send(_ call: ClientCall) async throws -> Data {
        var fields: HTTPFields = [.ifMatch: "*"]
        if call.body != nil { fields[.contentType] = "application/json" }
        fields[.idempotencyKey] = call.key
        let request = Request(
            head: HTTPRequest(method: call.method, scheme: nil, authority: nil, path: call.path, headerFields: fields),
            body: HummingbirdCore.RequestBody(buffer: ByteBuffer(bytes: call.body ?? Data())))
        guard case .operation(let operation, let parameters) = routes.match(call.method, request.uri.path) else {
            throw Unreachable(description: "there is nothing at \(call.path)")
        }
        let limits = Limits()
        let exchange = Exchange(
            request: request, id: UUID().uuidString, language: language, parameters: parameters,
            caller: Caller(actor: actor, scopes: ["*"], credential: ""), ledger: ledger, keys: nil,
            webhookTargets: WebhookTargetPolicy(),
            eventBell: Bell(ledger.eventSignals(), heartbeat: limits.heartbeat, listeners: limits.listeners),
            limits: limits, connection: nil, authentication: nil)
        let response: Response
        do {
            response = try await operation.run(exchange)
        } catch let problem as Problem {
            throw Refused(problem: ProblemBody(problem, in: language, requestID: exchange.id))
        }
        let content = Content()
        try await response.body.write(ContentWriter(content: content))
        return Data(content.bytes.readableBytesView)
    }

    /// What was answered.
    private final class Content {
        var bytes = ByteBuffer()
    }

    private struct ContentWriter: ResponseBodyWriter {
        let content: Content

        func write(_ buffer: ByteBuffer) { content.bytes.writeImmutableBuffer(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) {}
    }
}
