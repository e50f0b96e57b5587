import CareChain
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Ledger
import Logging

/// What happens to every request, from its address to the line in the log; what is particular is its operation's.
struct Responder: HTTPResponder {
    typealias Context = ConnectionContext

    let routes: Routes
    let ledger: Ledger
    let keys: KeyRing?
    let webhookTargets: WebhookTargetPolicy
    let eventBell: Bell
    let authentication: Authentication
    let rateLimit: RateLimit
    let origins: AllowedOrigins
    let limits: Limits
    let connections: OpenConnections
    let log: RequestLog

    func respond(to request: Request, context: ConnectionContext) async -> Response {
        let start = ContinuousClock.now
        let connection = connections[context.channel]
        let id = ExchangeID.of(request.headers)
        let language = Language(acceptLanguage: request.headers[.acceptLanguage])
        var entry = RequestLog.Entry(id: id)
        var response: Response
        if let preflight = origins.preflight(request, routes) {
            response = preflight
        } else {
            do {
                response = try await answer(request, id, language, connection, &entry)
            } catch {
                let problem = Problem(error)
                entry.code = problem.code
                if problem.code == .internalError, connection?.told == nil {
                    log.logger.error("\(error)", metadata: ["request_id": "\(id)"])
                }
                let refusal = Refusal(problem, in: language, requestID: id)
                response = Response(
                    status: refusal.head.status, headers: refusal.head.headerFields,
                    body: ResponseBody(byteBuffer: refusal.body))
            }
        }
        response.headers[.requestID] = id
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        response.headers[.xContentTypeOptions] = "nosniff"
        origins.mark(&response.headers, for: request.headers)
        if request.method == .head { response = response.createHeadResponse() }
        // Who was told at the door that it takes too long does not get this answer.
        let told = connection?.told
        entry.code = told ?? entry.code
        log.note(entry, told?.status ?? response.status, after: ContinuousClock.now - start)
        return response
    }

    private func answer(
        _ request: Request, _ id: String, _ language: Language, _ connection: OpenConnections.Connection?,
        _ entry: inout RequestLog.Entry
    ) async throws -> Response {
        let operation: Operation
        let parameters: [String: String]
        switch routes.match(request.method, request.uri.path) {
        case .nothing: throw Problem(.noSuchPath)
        case .otherMethods(let methods):
            var problem = Problem(.methodNotAllowed)
            problem.headers[.allow] = methods.joined(separator: ", ")
            throw problem
        case .operation(let found, let values): (operation, parameters) = (found, values)
        }
        entry.operation = operation
        guard operation.mediaTypes.contains(where: { MediaRange.accepts(request.headers[.accept], $0) }) else {
            let types = operation.mediaTypes.joined(separator: ", ")
            throw Problem(
                .notAcceptable, english: "this answers \(types)", dutch: "dit antwoordt \(types)", parameter: "Accept")
        }
        var caller: Caller?
        if let scope = operation.scope {
            let known = try await authentication.caller(request.headers)
            entry.caller = known
            try rateLimit.take(known.credential)
            try known.require(scope)
            caller = known
        }
        return try await operation.run(
            Exchange(
                request: request, id: id, language: language, parameters: parameters, caller: caller, ledger: ledger,
                keys: keys, webhookTargets: webhookTargets, eventBell: eventBell, limits: limits,
                connection: connection, authentication: authentication))
    }
}
