import CareChain
import Planning

/// Why a request is where it is in a run, or has no place.
struct ExplanationBody: Codable, Sendable {
    struct Cost: Codable, Sendable {
        let term: String
        let points: Int
        let sentence: String
        let victim: String?
    }

    struct Other: Codable, Sendable {
        let stays: [ProposedStayBody]
        let extraCost: Int
    }

    struct Blocked: Codable, Sendable {
        let code: String
        let sentence: String
        let units: [String]
    }

    /// A single change, or two, tried out.
    struct Suggestion: Codable, Sendable {
        let changes: [ChangeTold]
        let consequence: ConsequenceBody
    }

    struct InUnit: Codable, Sendable {
        let unit: String
        let there: Bool
        let code: String?
        let sentence: String?
        let extraCost: Int?
        let consequence: ConsequenceBody?
    }

    let request: String
    let standing: String
    let stays: [ProposedStayBody]
    let costs: [Cost]
    let alternatives: [Other]
    let reasons: [Blocked]
    let suggestions: [Suggestion]
    let dangerousSuggestions: [Suggestion]
    let unit: InUnit?
    let cut: Bool

    init(_ explanation: Explanation, _ view: ExplanationView) {
        request = explanation.request.text
        standing = explanation.standing.rawValue
        stays = view.stays(explanation.stays)
        // How far away an investigation is, nobody who sees runs is told.
        costs = explanation.costs.filter { $0.term != .travel }.map {
            Cost(
                term: $0.term.rawValue, points: $0.points, sentence: view.sentence($0.sentence(in: view.horizon)),
                victim: $0.victim?.text)
        }
        alternatives = explanation.alternatives.map { Other(stays: view.stays($0.stays), extraCost: $0.extraCost) }
        reasons = explanation.reasons.map {
            Blocked(code: $0.code.text, sentence: view.sentence($0), units: $0.units.map(\.text))
        }
        let told = { (found: Unlocking.Suggestion) in
            Suggestion(
                changes: found.changes.map { ChangeTold($0, view) },
                consequence: ConsequenceBody(found.consequence, view))
        }
        suggestions = (explanation.unlocking?.suggestions ?? []).map(told)
        dangerousSuggestions = (explanation.unlocking?.dangerous ?? []).map(told)
        unit = explanation.unit.map { found in
            InUnit(
                unit: found.unit.text, there: found.isThere, code: found.obstacle?.code.text,
                sentence: found.obstacle.map { view.sentence($0) }, extraCost: found.beside?.extraCost,
                consequence: found.consequence.map { ConsequenceBody($0, view) })
        }
        cut = explanation.isCut
    }
}

/// A change as it is told.
struct ChangeTold: Codable, Sendable {
    let kind: String
    let dangerous: Bool
    let sentence: String

    init(_ change: Change, _ view: ExplanationView) {
        kind = change.kind.rawValue
        dangerous = change.kind.isDangerous
        sentence = view.sentence(change)
    }
}

/// What another plan is for the request, and for others.
struct ConsequenceBody: Codable, Sendable {
    struct Displaced: Codable, Sendable {
        let request: String
        let before: [ProposedStayBody]
        let after: [ProposedStayBody]
    }

    let objectiveChange: Int
    let stays: [ProposedStayBody]
    let others: [Displaced]
    let othersNotShown: Int

    init(_ consequence: Consequence, _ view: ExplanationView) {
        objectiveChange = consequence.objectiveChange
        stays = view.stays(consequence.stays)
        others = consequence.others.filter { view.isVisible($0.request) }.map {
            Displaced(request: $0.request.text, before: view.stays($0.before), after: view.stays($0.after))
        }
        othersNotShown = consequence.others.count - others.count
    }
}

/// What becomes of a request when one thing is decided otherwise.
struct WhatIfBody: Codable, Sendable {
    let change: ChangeTold
    let consequence: ConsequenceBody?
    let cut: Bool

    init(_ whatIf: WhatIf, _ view: ExplanationView) {
        change = ChangeTold(whatIf.change, view)
        consequence = whatIf.consequence.map { ConsequenceBody($0, view) }
        cut = whatIf.isCut
    }
}
