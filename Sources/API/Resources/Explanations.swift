import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Why a request is where it is in a run, or has no place, and what could be otherwise: planners answer (`onderdak work`).
    static var explanations: [Operation] {
        [
            Operation(
                .get, "/v1/plan-runs/{id}/requests/{request}/explanation", id: "explainRequest", scope: "plans:read",
                query: ExplanationQuery.self, content: ExplanationBody.self, problems: [.conflict]
            ) { call in
                let (request, run, _) = try await call.explained()
                return Answer(try await call.answer(.explanation(unit: call.query.unit), about: request, of: run))
            },
            Operation(
                .post, "/v1/plan-runs/{id}/requests/{request}/what-if", id: "tryChange", scope: "plans:read",
                body: ChangeTried.self, content: WhatIfBody.self, problems: [.conflict]
            ) { call in
                let (request, run, basis) = try await call.explained()
                _ = try call.body.change(of: request, in: basis)
                return Answer(try await call.answer(.whatIf(call.body), about: request, of: run))
            },
        ]
    }
}

extension Call {
    /// The request and the run that the path names, which the caller may see.
    ///
    /// - Throws: ``Problem``; ``LedgerError``
    fileprivate func explained() async throws -> (RequestID, run: Int, RunBasis) {
        let (request, run) = (RequestID(try path("request")), try number("id"))
        return (request, run, try await ledger.basis(of: run, explaining: request, as: actor))
    }

    /// A planner's answer.
    ///
    /// - Throws: `busy` when others wait already or no planner answers in time; ``Problem`` of what cannot be explained.
    fileprivate func answer<Content: Codable & Sendable>(
        _ kind: Question.Kind, about request: RequestID, of run: Int
    ) async throws -> Content {
        let question = PlanQuestion(
            of: run, about: request, try Question(kind: kind, language: language).json(), by: try actor)
        let end = ContinuousClock.now + limits.explaining
        guard try await ledger.ask(question, waiting: limits.explaining / .seconds(1)) else {
            throw Problem(
                .busy, english: "others wait for planners' answers already",
                dutch: "anderen wachten al op antwoord van planners")
        }
        do {
            while !isAbandoned, ContinuousClock.now < end {
                if let answer = try await ledger.takeAnswer(to: question) {
                    return try JSONDecoder.api.decode(Outcome<Content>.self, from: Data(answer.utf8)).told()
                }
                // Few wait at a time, and none of them longer than this for an answer that is there.
                try await Task.sleep(for: .milliseconds(50))
            }
            throw Problem(
                .busy, english: "no planner answered in time: one may be away, or busy with other questions",
                dutch: "geen planner antwoordde op tijd: misschien is er geen, of is die met andere vragen bezig")
        } catch {
            // Also for whom nobody waits any more, and whose task is cancelled with that.
            await Task { [ledger] in try? await ledger.withdraw(question) }.value
            throw error
        }
    }
}

struct ExplanationQuery: Codable, Sendable {
    let unit: String?
}
