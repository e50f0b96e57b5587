import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    /// `docs/a-day.md`: every command of it, typed against a server, answers what is written.
    @Suite struct ADayTests {
        @Test func `A day over HTTP goes as it is written`() async throws {
            try await withDatabase { database in
                let outcome = try await live(in: database)
                #expect(outcome.status == 0, "\(outcome.text)\(outcome.messages)")
            }
        }

        @Test func `A day that is written otherwise than it goes is told`() async throws {
            try await withDatabase { database in
                try await withFolder { folder in
                    let document = folder.appendingPathComponent("a-day.md")
                    try Data(
                        """
                        ```sh
                        curl -s "$api/health"
                        ```

                        ```json
                        {"status": "asleep"}
                        ```

                        """.utf8
                    ).write(to: document)
                    let outcome = try await live(document.path, in: database)
                    #expect(outcome.status == 1)
                    #expect(outcome.text.contains("but this came:\n\n{\"status\": \"alive\"}"), "\(outcome.text)")
                }
            }
        }

        private func live(_ document: String..., in database: ConnectionOptions) async throws -> Program.Outcome {
            let script = netherlands.deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("scripts/a-day")
            return try await Program(["--in-database"] + document, database: database, executable: script.path).run()
        }
    }
}
