import CareChain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Ledger
import NIOCore

/// One request on its way to its response.
struct Exchange: Sendable {
    /// The greatest depth to which JSON may nest.
    static let greatestDepth = 32

    let request: Request
    /// What tells this request from all others, in logs and problems.
    let id: String
    let language: Language
    /// The parameters of the path, by their names.
    let parameters: [String: String]
    let caller: Caller?
    let ledger: Ledger
    /// For what is confidential; nil: this server has none.
    let keys: KeyRing?
    /// Where webhooks may lead.
    let webhookTargets: WebhookTargetPolicy
    /// Rings when there may be new events.
    let eventBell: Bell
    let limits: Limits
    /// The connection that the request came on; nil: it came on none.
    let connection: OpenConnections.Connection?
    /// Finds out who asks; nil: it is known otherwise.
    let authentication: Authentication?

    /// Whether the caller's token still says the same as when the request came: what takes long asks again.
    ///
    /// - Throws: When that cannot be found out.
    func isStillTheCallers() async throws -> Bool {
        guard let authentication else { return true }
        do {
            return try await authentication.caller(request.headers) == caller
        } catch let problem as Problem where problem.code.status == .unauthorized {
            return false
        }
    }

    /// What the address says after `?`, checked.
    ///
    /// - Throws: `badParameter`
    func query<Query: Decodable>(_ type: Query.Type, _ shape: Shape) throws -> Query {
        let members = try QueryText(request.uri.query ?? "").tree(of: shape)
        do {
            return try JSONDecoder.api.decode(type, from: JSONEncoder().encode(members))
        } catch {
            throw Problem(.badParameter)
        }
    }

    /// What was sent, checked.
    ///
    /// - Throws: `unsupportedMediaType`, `bodyTooLarge`, `malformedJSON` and all that a field can be.
    func body<Body: Decodable>(_ type: Body.Type, _ shape: Shape?) async throws -> Body {
        guard let shape else { return try JSONDecoder.api.decode(type, from: Data("{}".utf8)) }
        let kind = request.headers[.contentType].map(MediaRange.init)
        let csv = type as? any CSVBody.Type
        let isCSV = csv != nil && kind?.name == "text/csv"
        guard isCSV || kind?.name == "application/json" else {
            let kinds = csv == nil ? "application/json" : "application/json, text/csv"
            throw Problem(
                .unsupportedMediaType, english: "Content-Type must be one of: \(kinds)",
                dutch: "Content-Type moet een zijn van: \(kinds)", parameter: "Content-Type")
        }
        let bytes = try await collected()
        if isCSV, let csv {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem(.malformedJSON) }
            guard let body = try csv.init(csv: text) as? Body else { throw Problem(.internalError) }
            return body
        }
        do {
            try JSONSyntax.read(bytes, greatestDepth: Self.greatestDepth)
        } catch {
            throw Problem(.malformedJSON, error.sentence)
        }
        do {
            let data = Data(bytes)
            if let problem = Problem(shape.faults(in: try JSONDecoder().decode(JSONTree.self, from: data))) {
                throw problem
            }
            return try JSONDecoder.api.decode(type, from: data)
        } catch let error as DecodingError {
            throw Problem(error)
        }
    }

    private func collected() async throws -> [UInt8] {
        do {
            return Array(buffer: try await request.body.collect(upTo: limits.bodyBytes))
        } catch is NIOTooManyBytesError {
            throw Problem(.bodyTooLarge)
        }
    }
}

/// A body that may come as CSV too.
protocol CSVBody {
    /// Reads a CSV file.
    ///
    /// - Throws: ``Problem`` with the line.
    init(csv: String) throws
}

extension Problem {
    /// What a decoder refused that the shape allowed.
    init(_ error: DecodingError) {
        let path: [any CodingKey]
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        let pointer = path.map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue.pointerToken) }.joined()
        self.init(.invalidField, pointer: pointer)
    }
}
