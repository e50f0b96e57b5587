import HTTPTypes
import Ledger
import Postgres

extension Operation {
    /// What tells of the server itself.
    static var serving: [Operation] {
        [
            Operation(.get, "/health", id: "getHealth", scope: nil, content: HealthBody.self) { _ in
                Answer(HealthBody(status: .alive))
            },
            Operation(
                .get, "/ready", id: "getReadiness", scope: nil, content: ReadinessBody.self, problems: [.notReady]
            ) { call in
                let readiness = try await call.ledger.readiness()
                // Somebody else may have migrated on, or restored an older database, while this ran.
                guard readiness.migration == (try Ledger.migrations.last?.number ?? 0) else {
                    throw Problem(
                        .notReady, english: "the database's schema is not the one that this program expects",
                        dutch: "het schema van de database is niet dat wat dit programma verwacht")
                }
                return Answer(
                    ReadinessBody(
                        status: .ready, migration: readiness.migration, waitingJobs: readiness.waitingJobs,
                        oldestJobSeconds: readiness.oldestJobSeconds))
            },
            Operation("/openapi.yaml", id: "getDocumentAsYAML", mediaType: "application/yaml") { _ in
                try OpenAPIDocument.ours.get().yaml
            },
            Operation("/openapi.json", id: "getDocumentAsJSON", mediaType: "application/json") { _ in
                try OpenAPIDocument.ours.get().json
            },
        ]
    }
}

/// Whether the server lives.
struct HealthBody: Codable, Sendable {
    enum Status: String, Codable, CaseIterable { case alive }
    let status: Status
}

/// Whether the server can work.
struct ReadinessBody: Codable, Sendable {
    enum Status: String, Codable, CaseIterable { case ready }
    let status: Status
    let migration: Int
    let waitingJobs: Int
    let oldestJobSeconds: Double
}
