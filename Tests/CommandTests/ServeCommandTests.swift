import Foundation
import TestSupport
import Testing

extension CommandTests {
    @Suite struct ServeCommandTests {
        @Test func `It does not serve a database whose migrations are missing, and says what to do`() async throws {
            try await withDatabase { database in
                let outcome = try await onderdak("serve", "--port", "0", "--metrics-port", "0", database: database)
                #expect(outcome.status == 1)
                #expect(outcome.messages.contains("run onderdak migrate"))
            }
        }

        @Test func `The operator issues a token, sees it without its secret, and takes it back`() async throws {
            try await withDatabase { database in
                try #require(try await onderdak("migrate", database: database).status == 0)
                let wrong = try await onderdak(
                    "token", "issue", "--role", "shelter/s1", "--scope", "gossip", "--expires", "90d", "--as",
                    "admin/1",
                    database: database)
                #expect(wrong.status == 64)
                let issued = try await onderdak(
                    "token", "issue", "--role", "shelter/s1", "--scope", "capacity:write", "--expires", "90d", "--as",
                    "admin/1", database: database)
                #expect(issued.status == 0, "\(issued.messages)")
                let secret = issued.text.trimmingCharacters(in: .newlines)
                #expect(secret.hasPrefix("ond_") && secret.count == 47)
                #expect(try await onderdak("token", "revoke", "1", "--as", "admin/1", database: database).status == 0)
                let listed = try await onderdak("token", "list", "--as", "admin/1", database: database)
                #expect(listed.text.contains("shelter/s1") && listed.text.contains("revoked"))
                #expect(!listed.text.contains(secret))
                #expect(try await onderdak("token", "list", "--as", "desk/nl", database: database).status == 2)
            }
        }
    }
}
