package import CareChain
import HTTPTypes
package import Ledger

extension Operation {
    /// Plans that are asked for: they wait for a planner, which is a process of its own (`onderdak work`).
    static var planJobs: [Operation] {
        [
            Operation(
                .post, "/v1/plan-jobs", id: "askForPlan", scope: "plans:write", body: NewPlanJob.self,
                content: PlanJobBody.self, success: .accepted, takesKey: true
            ) { call in
                let start = if let from = call.body.from { from } else { try await call.ledger.today() }
                let job = try await call.ledger.askForPlan(
                    of: try call.body.horizon(from: start), call.body.limits(), by: call.actor, key: call.key)
                return Answer(PlanJobBody(job), location: "/v1/plan-jobs/\(job.id)")
            },
            Operation(
                .get, "/v1/plan-jobs", id: "listPlanJobs", scope: "plans:read", query: PlanRunQuery.self,
                content: PageBody<PlanJobBody>.self
            ) { call in
                Answer(PageBody(try await call.ledger.planJobs(call.query.page(), as: call.actor), PlanJobBody.init))
            },
            Operation(
                .get, "/v1/plan-jobs/{id}", id: "getPlanJob", scope: "plans:read", content: PlanJobBody.self
            ) { call in
                Answer(PlanJobBody(try await call.ledger.planJob(try call.number("id"), as: call.actor)))
            },
        ]
    }
}

/// What is to be planned, and how.
struct NewPlanJob: Codable, Sendable {
    let from: CalendarDate?
    let days: Int?
    let seconds: Double?
    let iterations: Int?
    let seed: Int?

    /// - Throws: ``Problem`` with the field.
    func horizon(from start: CalendarDate) throws(Problem) -> Horizon {
        let days = days ?? 180
        guard (1...3660).contains(days) else {
            throw .invalid("/days", english: "days are 1 to 3660", dutch: "days is 1 tot 3660")
        }
        return Horizon(start: start, days: days)
    }

    /// - Throws: ``Problem`` with the field.
    func limits() throws(Problem) -> RunLimits {
        let seconds = seconds ?? 100
        guard seconds > 0, seconds <= 3600 else {
            throw .invalid(
                "/seconds", english: "seconds are more than 0, at most 3600",
                dutch: "seconds is meer dan 0, hoogstens 3600")
        }
        if let iterations, !(0...1_000_000).contains(iterations) {
            throw .invalid("/iterations", english: "iterations are 0 to 1000000", dutch: "iterations is 0 tot 1000000")
        }
        let seed = seed ?? 0
        guard (0...1_000_000_000).contains(seed) else {
            throw .invalid("/seed", english: "a seed is 0 to 1000000000", dutch: "een seed is 0 tot 1000000000")
        }
        return RunLimits(seed: seed, seconds: seconds, iterations: iterations)
    }
}

package struct PlanJobBody: Codable, Sendable {
    package let id: Int
    package let from: CalendarDate
    package let days: Int
    package let seconds: Double?
    package let iterations: Int?
    package let seed: Int
    package let state: PlanJob.State
    package let attempts: Int
    package let run: Int?
    package let failure: String?

    init(_ job: PlanJob) {
        id = job.id
        from = job.horizon.start
        days = job.horizon.days
        seconds = job.limits.seconds
        iterations = job.limits.iterations
        seed = job.limits.seed
        state = job.state
        attempts = job.attempts
        run = job.run
        failure = job.failure
    }
}
