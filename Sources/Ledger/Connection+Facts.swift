import Foundation
import Postgres

extension Connection {
    /// Runs a statement whose one value is a JSON array of facts; NULL is none.
    nonisolated func list<Fact: Decodable>(
        _ statement: Statement, file: String = #fileID, line: Int = #line
    ) async throws -> [Fact] {
        let json: String? = try await query(statement, file: file, line: line).one()[0]
        guard let json else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode([Fact].self, from: Data(json.utf8))
        } catch {
            // The error itself may quote a value.
            throw PostgresError.decoding(place: "\(file):\(line)", reason: "the JSON is not a list of \(Fact.self)")
        }
    }
}

extension JSONText {
    /// The JSON array of some facts, with the names of columns as keys.
    init(rows: [some Encodable]) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        self.init(postgresText: String(decoding: try encoder.encode(rows), as: UTF8.self))
    }
}
