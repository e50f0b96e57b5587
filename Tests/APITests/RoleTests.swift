import CareChain
import Foundation
import Ledger
import NIOHTTP1
import TestSupport
import Testing

@testable import API

/// Who may do what over HTTP, role by role.
@Suite struct RoleTests {
    private struct Row {
        let method: HTTPMethod
        let path: String
        let json: String?
        /// Those for whom it is done; for all others it is `otherwise`.
        let roles: Set<Role>
        let otherwise: Set<Int>

        init(
            _ method: HTTPMethod, _ path: String, _ json: String? = nil, for roles: Set<Role>,
            otherwise: Set<Int> = [403]
        ) {
            self.method = method
            self.path = path
            self.json = json
            self.roles = roles
            self.otherwise = otherwise
        }
    }

    private static let hearers: Set<Role> = [.desk, .coordinator, .shelter, .police, .guardian]

    private static let matrix: [Row] = [
        Row(.GET, "/v1/plan-jobs", for: [.desk]),
        Row(.POST, "/v1/plan-jobs", "{}", for: [.desk]),
        Row(.GET, "/v1/plan-runs", for: [.desk]),
        // A run of which nothing is theirs, coordinators are not told of.
        Row(.GET, "/v1/plan-runs/1", for: [.desk], otherwise: [403, 404]),
        Row(.GET, "/v1/figures/unmet?from=2025-12", for: [.desk, .governor]),
        Row(.GET, "/v1/figures/occupancy?from=2025-12", for: [.desk, .governor, .funder]),
        Row(.GET, "/v1/statement?from=2025-12", for: [.desk, .governor, .funder]),
        Row(.GET, "/v1/coverages", for: Set(Role.allCases).subtracting([.auditor])),
        Row(
            .POST, "/v1/coverages", #"{"region":"south","coordinator":"x","from":"2027-01-01"}"#, for: [.desk, .admin]),
        Row(
            .POST, "/v1/absences", #"{"coordinator":"1","from":"2027-01-01","until":"2027-01-02"}"#,
            for: [.desk, .coordinator, .admin]),
        Row(.GET, "/v1/audit-entries", for: [.auditor]),
        Row(.GET, "/v1/alarms", for: [.auditor]),
        Row(.GET, "/v1/events", for: hearers),
        Row(.POST, "/v1/webhooks", #"{"url":"https://other.example/hook"}"#, for: hearers),
        // No legal basis is in force, so nobody knows of any case.
        Row(.DELETE, "/v1/cases/none", for: [], otherwise: [403, 404]),
        Row(.GET, "/v1/cases/none/export", for: [], otherwise: [403, 404]),
    ]

    @Test func `What a role may not do is refused, and what it may is done`() async throws {
        try await TestAPI.with { settings in
            settings.keys = try KeyRing(KeyRing.line(forNewKey: "a"))
        } _: { api in
            _ = try await api.ledger.askForPlan(
                of: Horizon(start: Scene.start, days: 30), RunLimits(seed: 1), by: TestAPI.desk)
            #expect(try await api.plan() == 1)
            for role in Role.allCases {
                let token = try await api.token(Actor(role: role, id: role == .shelter ? "s1" : "1"))
                for row in Self.matrix {
                    let reply = try await api.send(row.method, row.path, as: token, json: row.json)
                    let told = "\(role.rawValue) \(row.method) \(row.path): \(reply.status) \(reply.text)"
                    if row.roles.contains(role) {
                        // Done, or done by another already.
                        #expect((200..<300).contains(reply.status) || [409, 422].contains(reply.status), "\(told)")
                    } else {
                        #expect(row.otherwise.contains(reply.status), "\(told)")
                    }
                }
            }
        }
    }

    @Test func `A token is for its scopes only`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk, scopes: ["capacity:read"])
            for row in Self.matrix {
                let reply = try await api.send(row.method, row.path, as: token, json: row.json)
                #expect(try reply.problem().code == "insufficient-scope", "\(row.path)")
            }
        }
    }
}
