import CareChain
import Foundation
import Ledger
import LinearProgramming
import Planning

/// What is asked of a planner about a request of a run.
struct Question: Codable, Sendable {
    enum Kind: Codable, Sendable {
        /// Why it is where it is or has no place; with a unit: why it is not there.
        case explanation(unit: String?)
        /// What becomes of it with one change.
        case whatIf(ChangeTried)
    }

    let kind: Kind
    /// The language of the answer.
    let language: Language
}

/// What a planner answers, on its way to who asked.
enum Outcome<Content: Codable & Sendable>: Codable, Sendable {
    case content(Content)
    case problem(Problem)

    /// What is told.
    ///
    /// - Throws: ``Problem``
    func told() throws(Problem) -> Content {
        switch self {
        case .content(let content): return content
        case .problem(let problem): throw problem
        }
    }
}

extension Question {
    /// Until when an answer is cut, with what has been found so far: planning a country anew takes longer, and is asked for as
    /// a plan.
    private static let seconds = 5.0

    /// Answers it, with an ``Outcome``'s JSON.
    ///
    /// - Parameter basis: The run as whoever asks may see it.
    /// - Throws: ``Problem`` of what cannot be explained.
    func answer(about request: RequestID, _ basis: RunBasis, _ interrupt: Interrupt) async throws -> String {
        let view = ExplanationView(basis, in: language)
        switch kind {
        case .explanation(let unit):
            let explanation = try await compute(basis, interrupt) { explainer, interrupt in
                guard let unit else { return try explainer.explanation(of: request, interrupt: interrupt) }
                return try explainer.explanation(of: request, in: UnitID(unit), interrupt: interrupt)
            }
            return try Outcome.content(ExplanationBody(explanation, view)).json()
        case .whatIf(let tried):
            let change = try tried.change(of: request, in: basis)
            let whatIf = try await compute(basis, interrupt) { explainer, interrupt in
                try explainer.whatIf(change, for: request, interrupt: interrupt)
            }
            return try Outcome.content(WhatIfBody(whatIf, of: request, view)).json()
        }
    }

    private func compute<Found: Sendable>(
        _ basis: RunBasis, _ interrupt: Interrupt, _ body: @escaping @Sendable (Explainer, Interrupt) throws -> Found
    ) async throws -> Found {
        let began = ContinuousClock.now
        let options = PlanningOptions(secondsLeft: { Self.seconds - (ContinuousClock.now - began) / .seconds(1) })
        return try await interrupt.computing { interrupt in
            try body(Explainer(basis.plan, of: basis.instance, options: options), interrupt)
        }
    }
}

extension Encodable {
    /// JSON as the API writes it.
    func json() throws -> String { String(decoding: try JSONEncoder.api.encode(self), as: UTF8.self) }
}

extension Problem {
    /// The problem of a question that has no answer.
    init(_ error: ExplanationError) {
        switch error {
        case .unknownRequest: self.init(.notFound)
        case .unknownUnit:
            self.init(
                .badParameter, english: "the run has no such unit", dutch: "het plan heeft die afdeling niet",
                parameter: "unit")
        case .decided:
            self.init(
                .conflict, english: "people have decided where this request is: no change is tried on it",
                dutch: "mensen hebben besloten waar dit verzoek is: er valt niets aan te proberen")
        case .impossible:
            self.init(.invalidField, english: "\(error)", dutch: "deze wijziging kan niet")
        case .broken:
            self.init(
                .conflict, english: "the plan of this run breaks a rule: plan anew",
                dutch: "het plan schendt een regel: maak een nieuw plan")
        case .unlisted:
            self.init(
                .conflict, english: "this plan spreads a group in more ways than can be looked at: plan anew",
                dutch: "dit plan spreidt een groep op meer manieren dan te overzien is: maak een nieuw plan")
        case .notItsPlan, .planning: self.init(.internalError)
        }
    }
}
