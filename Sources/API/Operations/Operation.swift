import CareChain
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One thing that the API does: everything about it is declared once, here, and the routes, the checks of what is sent
/// and the test that compares it with the document all read this.
struct Operation: Sendable {
    /// The method.
    let method: HTTPRequest.Method
    /// The path, with its parameters in braces: `/v1/units/{id}`.
    let path: String
    /// The document's `operationId`.
    let id: String
    /// What a token must be for; nil: anybody may ask, without one.
    let scope: Scope?
    /// What its answer is written as; the first unless the caller wants another.
    let mediaTypes: [String]
    /// The status when all is well.
    let success: HTTPResponse.Status
    /// What the address may say after `?`.
    let query: Shape
    /// What is sent; nil: nothing.
    let body: Shape?
    /// The kinds of body that are read.
    let bodyTypes: [String]
    /// What is answered; nil: no JSON of ours.
    let content: Shape?
    /// Whether it changes something, so that a caller may send a key with which it happens once.
    let takesKey: Bool
    /// Whether the version must be said that is changed.
    let needsVersion: Bool
    /// The problems of its own, beside those that follow from the above.
    let problems: [ProblemCode]
    /// Does it.
    let run: @Sendable (Exchange) async throws -> Response

    /// Declares an operation that answers JSON.
    ///
    /// - Parameters:
    ///   - scope: What a token must be for; nil: anybody may ask.
    ///   - query: What the address may say after `?`.
    ///   - body: What is sent.
    ///   - content: What is answered.
    ///   - takesKey: Whether `Idempotency-Key` is honoured: for all that writes.
    ///   - needsVersion: Whether `If-Match` is demanded: for what two people may change.
    ///   - problems: The problems of its own.
    init<Query: Codable & Sendable, Body: Codable & Sendable, Content: Codable & Sendable>(
        _ method: HTTPRequest.Method, _ path: String, id: String, scope: Scope?, query: Query.Type,
        body: Body.Type, content: Content.Type, success: HTTPResponse.Status = .ok,
        takesKey: Bool = false, needsVersion: Bool = false, problems: [ProblemCode] = [],
        run: @escaping @Sendable (Call<Query, Body>) async throws -> Answer<Content>
    ) {
        let queryShape = ShapeProbe.shape(of: query)
        let bodyShape = body == Nothing.self ? nil : ShapeProbe.shape(of: body)
        self.method = method
        self.path = path
        self.id = id
        self.scope = scope
        mediaTypes = ["application/json"]
        self.success = success
        self.query = queryShape
        self.body = bodyShape
        bodyTypes = ["application/json"] + (body is any CSVBody.Type ? ["text/csv"] : [])
        self.content = ShapeProbe.shape(of: content)
        self.takesKey = takesKey
        self.needsVersion = needsVersion
        self.problems = problems
        self.run = { exchange in
            let call = Call<Query, Body>(
                exchange: exchange, query: try exchange.query(query, queryShape),
                body: try await exchange.body(body, bodyShape),
                key: takesKey ? try exchange.idempotencyKey() : nil,
                version: needsVersion ? try exchange.expectedVersion() : nil)
            do {
                return try await run(call).response(success)
            } catch {
                // What cannot be right of a read was in its parameters: the cursor of another list, for example.
                let problem = Problem(error)
                if method == .get, problem.code == .refused { throw Problem(.badParameter, problem.detail) }
                throw error
            }
        }
    }

    /// Declares an operation that is sent nothing.
    init<Query: Codable & Sendable, Content: Codable & Sendable>(
        _ method: HTTPRequest.Method, _ path: String, id: String, scope: Scope?, query: Query.Type,
        content: Content.Type, problems: [ProblemCode] = [],
        run: @escaping @Sendable (Call<Query, Nothing>) async throws -> Answer<Content>
    ) {
        self.init(
            method, path, id: id, scope: scope, query: query, body: Nothing.self, content: content, problems: problems,
            run: run)
    }

    /// Declares an operation without parameters.
    init<Body: Codable & Sendable, Content: Codable & Sendable>(
        _ method: HTTPRequest.Method, _ path: String, id: String, scope: Scope?, body: Body.Type,
        content: Content.Type, success: HTTPResponse.Status = .ok, takesKey: Bool = false, needsVersion: Bool = false,
        problems: [ProblemCode] = [], run: @escaping @Sendable (Call<Nothing, Body>) async throws -> Answer<Content>
    ) {
        self.init(
            method, path, id: id, scope: scope, query: Nothing.self, body: body, content: content, success: success,
            takesKey: takesKey, needsVersion: needsVersion, problems: problems, run: run)
    }

    /// Declares an operation without parameters that is sent nothing.
    init<Content: Codable & Sendable>(
        _ method: HTTPRequest.Method, _ path: String, id: String, scope: Scope?, content: Content.Type,
        success: HTTPResponse.Status = .ok, takesKey: Bool = false, needsVersion: Bool = false,
        problems: [ProblemCode] = [], run: @escaping @Sendable (Call<Nothing, Nothing>) async throws -> Answer<Content>
    ) {
        self.init(
            method, path, id: id, scope: scope, query: Nothing.self, body: Nothing.self, content: content,
            success: success, takesKey: takesKey, needsVersion: needsVersion, problems: problems, run: run)
    }

    /// Declares an operation that answers a text which is ready.
    ///
    /// - Parameter content: What the text is, where it is JSON of ours.
    init(
        _ path: String, id: String, mediaType: String, scope: Scope? = nil, content: Shape? = nil,
        text: @escaping @Sendable (Exchange) async throws -> String
    ) {
        method = .get
        self.path = path
        self.id = id
        self.scope = scope
        mediaTypes = [mediaType]
        success = .ok
        query = .object([])
        body = nil
        bodyTypes = []
        self.content = content
        takesKey = false
        needsVersion = false
        problems = []
        run = { exchange in
            _ = try exchange.query(Nothing.self, .object([]))
            return Response(
                status: .ok, headers: [.contentType: mediaType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await text(exchange))))
        }
    }

    /// Declares an operation that answers JSON, or for as long as the caller listens, server-sent events.
    ///
    /// - Parameter stream: Answers whoever accepts `text/event-stream`.
    init<Query: Codable & Sendable, Content: Codable & Sendable>(
        _ path: String, id: String, scope: Scope, query: Query.Type, content: Content.Type,
        run: @escaping @Sendable (Call<Query, Nothing>) async throws -> Answer<Content>,
        stream: @escaping @Sendable (Exchange, Query) async throws -> ResponseBody
    ) {
        let queryShape = ShapeProbe.shape(of: query)
        method = .get
        self.path = path
        self.id = id
        self.scope = scope
        mediaTypes = ["application/json", "text/event-stream"]
        success = .ok
        self.query = queryShape
        body = nil
        bodyTypes = []
        self.content = ShapeProbe.shape(of: content)
        takesKey = false
        needsVersion = false
        problems = []
        self.run = { exchange in
            let query = try exchange.query(query, queryShape)
            if MediaRange.names(exchange.request.headers[.accept], "text/event-stream") {
                return Response(
                    status: .ok, headers: [.contentType: "text/event-stream"], body: try await stream(exchange, query))
            }
            let call = Call(exchange: exchange, query: query, body: Nothing(), key: nil, version: nil)
            return try await run(call).response(.ok)
        }
    }

    /// All statuses with which it may answer.
    var statuses: Set<Int> {
        var codes: [ProblemCode] =
            problems + [
                .badParameter, .notAcceptable, .requestTimeout, .addressTooLong, .headersTooLarge, .internalError,
                .databaseUnavailable,
            ]
        if scope != nil { codes += [.unauthenticated, .insufficientScope, .tooManyRequests] }
        if path.contains("{") { codes += [.notFound] }
        if body != nil { codes += [.malformedJSON, .bodyTooLarge, .unsupportedMediaType, .invalidField] }
        if takesKey { codes += [.keyReused, .ruleBroken] }
        if needsVersion { codes += [.outdated, .versionRequired] }
        return Set(codes.map(\.status.code) + [success.code])
    }
}

/// What a call does not say, or an answer does not hold.
struct Nothing: Codable, Sendable {}

/// What a token may be for: a resource, and whether to read or to write.
struct Scope: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    let description: String

    init(stringLiteral value: String) {
        description = value
    }
}
