package import CareChain
package import Foundation
import HTTPTypes
package import Ledger

extension Operation {
    /// Plans that were made, and what they propose.
    static var planRuns: [Operation] {
        [
            Operation(
                .get, "/v1/plan-runs", id: "listPlanRuns", scope: "plans:read", query: PlanRunQuery.self,
                content: PageBody<PlanRunBody>.self
            ) { call in
                Answer(PageBody(try await call.ledger.runs(call.query.page(), as: call.actor), PlanRunBody.init))
            },
            Operation(
                .get, "/v1/plan-runs/{id}", id: "getPlanRun", scope: "plans:read", content: PlanRunBody.self
            ) { call in
                Answer(PlanRunBody(try await call.ledger.run(try call.number("id"), as: call.actor).run))
            },
            Operation(
                .get, "/v1/plan-runs/{id}/proposals", id: "listProposals", scope: "plans:read",
                query: ProposalQuery.self, content: PageBody<ProposalBody>.self
            ) { call in
                let found = try await call.ledger.proposals(
                    of: try call.number("id"), placed: call.query.placed, call.query.page(), as: call.actor)
                return Answer(PageBody(found, ProposalBody.init))
            },
            Operation(
                .post, "/v1/plan-runs/{id}/publication", id: "publishPlanRun", scope: "plans:write",
                content: PublicationBody.self, takesKey: true
            ) { call in
                let run = try call.number("id")
                _ = try await call.ledger.run(run, as: call.actor)
                return Answer(
                    PublicationBody(try await call.ledger.publish(run, by: call.actor, key: call.key)))
            },
        ]
    }
}

struct PlanRunQuery: Codable, Sendable, PageQuery {
    let limit: Int?
    let cursor: String?
}

struct ProposalQuery: Codable, Sendable, PageQuery {
    let placed: Bool?
    let limit: Int?
    let cursor: String?
}

package struct PlanRunBody: Codable, Sendable {
    package let id: Int
    package let keptAt: Date
    package let from: CalendarDate
    package let days: Int
    package let seed: Int
    package let timeLimitSeconds: Double?
    package let iterations: Int?
    package let version: String
    package let engine: String
    package let seconds: Double
    package let status: String
    package let cut: Bool
    package let objective: Int
    package let bound: Int?
    package let placed: Int
    package let unplaced: Int
    package let blankedAt: Date?

    package init(_ run: PlanRun) {
        id = run.id
        keptAt = run.keptAt
        from = run.horizon.start
        days = run.horizon.days
        seed = run.limits.seed
        timeLimitSeconds = run.limits.seconds
        iterations = run.limits.iterations
        version = run.version
        engine = run.engine
        seconds = run.seconds
        status = run.status.rawValue
        cut = run.cut
        objective = run.objective
        bound = run.bound
        placed = run.placed
        unplaced = run.unplaced
        blankedAt = run.blankedAt
    }
}

/// What a run proposes for a request that nobody has decided on yet.
package struct ProposalBody: Codable, Sendable {
    /// Why there is no place.
    package struct Cause: Codable, Sendable {
        package let code: String
        package let detail: String
    }

    package let request: String
    package let placed: Bool
    package let stays: [ProposedStayBody]
    package let reasons: [Cause]

    init(_ proposal: Proposal) {
        request = proposal.request.text
        switch proposal.outcome {
        case .stays(let proposed):
            placed = true
            stays = proposed.map(ProposedStayBody.init)
            reasons = []
        case .unplaced(let causes):
            placed = false
            stays = []
            reasons = causes.map { Cause(code: $0.code, detail: $0.detail) }
        }
    }
}

package struct ProposedStayBody: Codable, Sendable, Equatable {
    package let victim: String
    package let unit: String
    package let from: CalendarDate
    package let until: CalendarDate

    init(_ stay: ProposedStay) {
        victim = stay.victim.text
        unit = stay.unit.text
        from = stay.from
        until = stay.until
    }

    init(_ stay: Stay, in horizon: Horizon) {
        victim = stay.victim.text
        unit = stay.unit.text
        from = horizon.date(of: stay.from)
        until = horizon.date(of: stay.until)
    }
}

/// What became of a run's proposals.
package struct PublicationBody: Codable, Sendable {
    package struct Dropped: Codable, Sendable {
        package let request: String
        package let reason: String
    }

    package let published: [String]
    package let unplaced: [String]
    package let dropped: [Dropped]

    init(_ publication: Publication) {
        published = publication.published
        unplaced = publication.unplaced
        dropped = publication.dropped.map { Dropped(request: $0.request, reason: $0.reason) }
    }
}
