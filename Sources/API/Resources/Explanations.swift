import CareChain
import HTTPTypes
import Ledger
import Planning

extension Operation {
    /// Why a request is where it is in a run, or has no place, and what could be otherwise.
    static var explanations: [Operation] {
        let desk = ExplanationDesk()
        return [
            Operation(
                .get, "/v1/plan-runs/{id}/requests/{request}/explanation", id: "explainRequest", scope: "plans:read",
                query: ExplanationQuery.self, content: ExplanationBody.self, problems: [.conflict]
            ) { call in
                let (request, basis) = try await call.explainedRequest()
                let unit = call.query.unit.map { UnitID($0) }
                let explanation = try await desk.ask(about: basis) { explainer, interrupt in
                    guard let unit else { return try explainer.explanation(of: request, interrupt: interrupt) }
                    return try explainer.explanation(of: request, in: unit, interrupt: interrupt)
                }
                return Answer(ExplanationBody(explanation, ExplanationView(basis, in: call.language)))
            },
            Operation(
                .post, "/v1/plan-runs/{id}/requests/{request}/what-if", id: "tryChange", scope: "plans:read",
                body: ChangeTried.self, content: WhatIfBody.self, problems: [.conflict]
            ) { call in
                let (request, basis) = try await call.explainedRequest()
                let change = try call.body.change(of: request, in: basis)
                let whatIf = try await desk.ask(about: basis) { explainer, interrupt in
                    try explainer.whatIf(change, for: request, interrupt: interrupt)
                }
                return Answer(WhatIfBody(whatIf, ExplanationView(basis, in: call.language)))
            },
        ]
    }
}

extension Call {
    /// The request and the run that the path names.
    ///
    /// - Throws: ``Problem``; ``LedgerError``
    fileprivate func explainedRequest() async throws -> (RequestID, RunBasis) {
        let request = RequestID(try path("request"))
        return (request, try await ledger.basis(of: try number("id"), explaining: request, as: actor))
    }
}

struct ExplanationQuery: Codable, Sendable {
    let unit: String?
}
