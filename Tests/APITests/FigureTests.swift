import Ledger
import NIOHTTP1
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct FigureTests {
    @Test func `The desk has figures and the statement of months, without persons`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            try await api.ledger.pool.query(
                "INSERT INTO simulated_clock (at) VALUES ('2026-03-10 12:00+01')")
            let occupancy = try await api.send(
                .GET, "/v1/figures/occupancy?from=2026-01&through=2026-02", as: token
            ).decoded(FiguresBody.self)
            #expect(occupancy.table == .occupancy)
            #expect(Set(occupancy.figures.map(\.month)).isSubset(of: ["2026-01", "2026-02"]))
            #expect(occupancy.figures.allSatisfy { $0.block.map(\.name) == ["bedType", "region"] })
            let statement = try await api.send(.GET, "/v1/statement?from=2026-01&through=2026-02", as: token)
            #expect(statement.status == 200, "\(statement.text)")
            for (path, parameter) in [
                ("/v1/figures/occupancy", "from"), ("/v1/figures/occupancy?from=2026-13", "from"),
                ("/v1/figures/occupancy?from=2026-1", "from"),
                ("/v1/statement?from=2026-02&through=2026-01", "through"),
                ("/v1/statement?from=0001-01&through=2026-01", "through"),
            ] {
                let problem = try await api.send(.GET, path, as: token).problem()
                #expect(problem.code == "bad-parameter" && problem.parameter == parameter, "\(path)")
            }
            #expect(try await api.send(.GET, "/v1/figures/gossip?from=2026-01", as: token).status == 404)
        }
    }

    @Test func `A funder reads its own statement only`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(Actor(role: .funder, id: "state"))
            #expect(try await api.send(.GET, "/v1/statement?from=2026-01", as: token).status == 200)
            let other = try await api.send(.GET, "/v1/statement?from=2026-01&funder=town", as: token)
            #expect(try other.problem().code == "not-allowed")
        }
    }
}
