import CareChain
import Planning
import TestSupport
import Testing

@Suite struct WhatIfTests {
    @Test(arguments: UnlockingTests.cases.filter { $0.changes.count == 1 && $0.changes[0].kind != .otherRequest })
    func `What unlocks a place gives, tried alone, a plan that costs no more than was suggested`(
        _ example: UnlockingTests.Case
    ) throws {
        let instance = try example.scene.instance()
        let plan = try example.scene.plan(example.stays, of: instance)
        let before = try #require(try verdict(on: plan, of: instance).costs?.total)
        let explainer = try Explainer(plan, of: instance)
        let unlocking = try #require(try explain(explainer, of: "r").unlocking)
        let suggested = try #require((unlocking.suggestions + unlocking.dangerous).first)
        let tried = try whatIf(example.changes[0], for: "r", explainer)
        let consequence = try #require(tried.consequence)
        try expectTrue(consequence, of: "r", in: try instance.changed(by: example.changes), after: before)
        #expect(consequence.objectiveChange <= suggested.consequence.objectiveChange)
        #expect(!tried.isCut)
    }

    @Test func `What does not help gives no place`() throws {
        var scene = Scene(request("r", "a"), victims: [victim("a", needs: ["closed"])])
        scene.units = [unit("u1")]
        #expect(try whatIf(.bed("u1", days: 0..<30), for: "r", scene.explainer()).consequence == nil)
    }

    @Test func `One that has a place may get a better one`() throws {
        var scene = Scene(
            request("r", "a", preferredRegion: "north"), staying("q", "b", in: "u1", stayDays: 30, locked: true))
        scene.units = [unit("u1", beds: StepFunction(constant: 1)), unit("u2", "s2")]
        let tried = try whatIf(.bed("u1", days: 0..<30), for: "r", scene.explainer("a u2 2 12", "b u1 0 30"))
        let consequence = try #require(tried.consequence)
        #expect(consequence.stays.map(\.unit) == ["u1"])
        #expect(consequence.objectiveChange < 0)
    }

    @Test func `What cannot be tried is told`() throws {
        let scene = Scene(request("r", "a"), staying("q", "b", in: "u1", stayDays: 30, locked: true))
        let explainer = try scene.explainer("b u1 0 30")
        #expect(throws: ExplanationError.decided("q")) {
            try whatIf(.need("trauma", ["b"]), for: "q", explainer)
        }
        #expect(throws: ExplanationError.unknownRequest("x")) {
            try whatIf(.need("trauma", ["b"]), for: "x", explainer)
        }
        #expect(throws: ExplanationError.self) {
            try whatIf(.wait("r", latestStart: 99, daysLonger: 90), for: "r", explainer)
        }
    }

    /// Untyped, because `#expect` of a call with a typed error crashes Swift 6.3's compiler.
    private func whatIf(_ change: Change, for request: RequestID, _ explainer: Explainer) throws -> WhatIf {
        try explainer.whatIf(change, for: request)
    }
}
