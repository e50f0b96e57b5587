import CareChain
import Foundation
import HTTPTypes
import Ledger

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
                content: ProposalsBody.self
            ) { call in
                let proposals = try await call.ledger.proposals(of: try call.number("id"), as: call.actor)
                return Answer(ProposalsBody(proposals: proposals.map(ProposalsBody.Item.init)))
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

struct PlanRunBody: Codable, Sendable {
    let id: Int
    let keptAt: Date
    let from: CalendarDate
    let days: Int
    let seed: Int
    let timeLimitSeconds: Double?
    let iterations: Int?
    let version: String
    let engine: String
    let seconds: Double
    let status: String
    let cut: Bool
    let objective: Int
    let bound: Int?
    let placed: Int
    let unplaced: Int
    let blankedAt: Date?

    init(_ run: PlanRun) {
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

/// What a run proposes for requests that nobody has decided on yet.
struct ProposalsBody: Codable, Sendable {
    struct Item: Codable, Sendable {
        let request: String
        let placed: Bool
        let stays: [ProposedStayBody]
        let reasons: [Cause]

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

    /// Why there is no place.
    struct Cause: Codable, Sendable {
        let code: String
        let detail: String
    }

    let proposals: [Item]
}

struct ProposedStayBody: Codable, Sendable, Equatable {
    let victim: String
    let unit: String
    let from: CalendarDate
    let until: CalendarDate

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
struct PublicationBody: Codable, Sendable {
    struct Dropped: Codable, Sendable {
        let request: String
        let reason: String
    }

    let published: [String]
    let unplaced: [String]
    let dropped: [Dropped]

    init(_ publication: Publication) {
        published = publication.published
        unplaced = publication.unplaced
        dropped = publication.dropped.map { Dropped(request: $0.request, reason: $0.reason) }
    }
}
