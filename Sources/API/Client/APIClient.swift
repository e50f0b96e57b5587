import CareChain
import Foundation
import HTTPTypes

/// What coordinators, the desk and shelters do with the API, in the types of its documents; the transport is what makes it
/// a server's or the ledger's own.
package struct APIClient: Sendable {
    private let transport: any Transport

    /// Makes a client.
    package init(_ transport: any Transport) {
        self.transport = transport
    }

    func get<Answer: Decodable>(
        _ path: [String], _ query: [(String, String?)] = [], as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send(.get, path, query, body: nil, key: nil, writes: false)
    }

    /// All items of a list, page by page.
    func list<Item: Codable & Sendable>(
        _ path: [String], _ query: [(String, String?)] = [], of type: Item.Type = Item.self
    ) async throws -> [Item] {
        try await pages { try await get(path, query + [("limit", "200"), ("cursor", $0)]) }
    }

    /// The items of all pages, each asked for by the cursor that the one before it told.
    func pages<Item>(_ page: (String?) async throws -> PageBody<Item>) async throws -> [Item] {
        var items: [Item] = []
        var cursor: String?
        repeat {
            let told = try await page(cursor)
            items += told.items
            cursor = told.next
        } while cursor != nil
        return items
    }

    /// Makes a step; on whichever version there is, as people do who say what is to be done and not what they have seen.
    func post<Answer: Decodable>(
        _ path: [String], _ body: (some Encodable)? = Nothing?.none, key: String?, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send(.post, path, [], body: try body.map { try JSONEncoder.api.encode($0) }, key: key, writes: true)
    }

    /// Says how something is to be, whatever it was.
    func put<Answer: Decodable>(
        _ path: [String], _ body: some Encodable, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send(.put, path, [], body: try JSONEncoder.api.encode(body), key: nil, writes: true)
    }

    /// Asks a question that is too long for an address.
    func ask<Answer: Decodable>(
        _ path: [String], _ body: some Encodable, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send(.post, path, [], body: try JSONEncoder.api.encode(body), key: nil, writes: false)
    }

    private func send<Answer: Decodable>(
        _ method: HTTPRequest.Method, _ path: [String], _ query: [(String, String?)], body: Data?, key: String?,
        writes: Bool
    ) async throws -> Answer {
        let address = "/v1/" + path.map(\.percentEncoded).joined(separator: "/")
        let parameters = query.compactMap { name, value in value.map { "\(name)=\($0.percentEncoded)" } }
        let path = parameters.isEmpty ? address : address + "?" + parameters.joined(separator: "&")
        let data = try await transport.send(
            ClientCall(method: method, path: path, body: body, key: key, writes: writes))
        do {
            return try JSONDecoder.api.decode(Answer.self, from: data)
        } catch {
            throw Unreachable(
                description: "the answer to \(address) is none that this program knows: is it another version?")
        }
    }
}
