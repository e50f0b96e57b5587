import CareChain
import Planning
import TestSupport
import Testing

extension Scene {
    /// The explainer of the plan with stays, each written `victim unit from until`.
    func explainer(_ lines: String...) throws -> Explainer {
        let instance = try instance()
        return try Explainer(try plan(lines, of: instance), of: instance)
    }
}

/// The explanation; untyped, because `#expect` of a call with a typed error crashes Swift 6.3's compiler.
func explain(_ explainer: Explainer, of request: RequestID, in unit: UnitID? = nil) throws -> Explanation {
    guard let unit else { return try explainer.explanation(of: request) }
    return try explainer.explanation(of: request, in: unit)
}

/// Expects that a consequence is what it says: a plan that keeps every rule of its instance and costs what is told.
func expectTrue(
    _ consequence: Consequence, of request: RequestID, in instance: Instance, after objective: Int,
    _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation
) throws {
    let verdict = try verdict(on: consequence.plan, of: instance)
    #expect(verdict.violations == [], comment, sourceLocation: location)
    let total = try #require(verdict.costs?.total, comment, sourceLocation: location)
    #expect(consequence.plan.objective == total, comment, sourceLocation: location)
    #expect(consequence.objectiveChange == total - objective, comment, sourceLocation: location)
    let stays = consequence.plan.stays.filter { $0.request == request }
    #expect(!stays.isEmpty, comment, sourceLocation: location)
    #expect(consequence.stays == stays, comment, sourceLocation: location)
}
