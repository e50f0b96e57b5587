import CareChain
import Planning
import TestSupport
import Testing

/// The smallest cases in which just one kind of change unlocks a place.
@Suite struct UnlockingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let scene: Scene
        var stays: [String] = []
        let changes: [Change]
        let english: [String]
        let dutch: [String]
        var testDescription: String { english.joined(separator: " and ") }
    }

    private static func scene(
        _ requests: Request..., victims: [Victim] = [], units: [Unit] = [unit("u1")],
        change: (inout Scene) -> Void = { _ in }
    ) -> Scene {
        var scene = Scene()
        scene.requests = requests
        scene.victims = victims
        scene.units = units
        change(&scene)
        return scene
    }

    private static let none = StepFunction(constant: 0)
    private static let bed = Sentence(
        english: "one more bed in u1 from 2026-01-07 to 2026-01-17",
        dutch: "één plek meer in u1 van 2026-01-07 tot 2026-01-17")

    static let cases: [Case] = [
        Case(
            scene: scene(request("r", "a", latest: 29), units: [unit("u1", beds: none)]),
            changes: [.bed("u1", days: 2..<12)], english: [bed.english],
            dutch: [bed.dutch]),
        Case(
            // Two beds are short until day 10, so that one more would not do.
            scene: scene(
                request("r", "a", "b"),
                units: [unit("u1", beds: StepFunction([.init(from: 0, value: 0), .init(from: 10, value: 2)]))]),
            changes: [.wait("r", latestStart: 10, daysLonger: 4)],
            english: ["r may wait 4 days longer, until day 10 (2026-01-15)"],
            dutch: ["r mag 4 dagen langer wachten, tot en met dag 10 (2026-01-15)"]),
        Case(
            scene: scene(request("r", "a"), victims: [victim("a", needs: ["trauma"])]),
            changes: [.need("trauma", ["a"])],
            english: ["a without trauma"], dutch: ["a zonder trauma"]),
        Case(
            scene: scene(
                request("r", "a"),
                victims: [victim("a", investigation: Investigation(region: "south", maxTravelMinutes: 30))]),
            changes: [.travel(minutes: 55, ["a"])], english: ["a may travel up to 55 minutes to the investigation"],
            dutch: ["a mag tot 55 minuten reizen naar het onderzoek"]),
        Case(
            scene: scene(request("r", "a"), victims: [victim("a", security: 3...4)]),
            changes: [.security(level: 2, ["a"])], english: ["security level 2 allowed for a"],
            dutch: ["beveiligingsniveau 2 toegestaan voor a"]),
        Case(
            scene: scene(request("r", "a"), victims: [victim("a", avoid: Avoidance(regions: ["north"]))]),
            changes: [.region("north", ["a"])], english: ["a no longer avoids region north"],
            dutch: ["a hoeft regio north niet meer te mijden"]),
        Case(
            scene: scene(request("r", "a"), victims: [victim("a", avoid: Avoidance(shelters: ["s1"]))]),
            changes: [.shelter("s1", ["a"])], english: ["a no longer avoids shelter s1"],
            dutch: ["a hoeft opvang s1 niet meer te mijden"]),
        Case(
            scene: scene(request("r", "a"), staying("q", "b", in: "u1", stayDays: 30, locked: true)) {
                $0.noContact = [NoContact(a: "b", b: "a", scope: .unit)]
            }, stays: ["b u1 0 30"], changes: [.contact("b", "a")], english: ["b and a may meet"],
            dutch: ["b en a mogen elkaar ontmoeten"]),
        Case(
            // The unit takes one group at a time, so that no bed would do.
            scene: scene(
                request("r", "a", latest: 2, stayDays: 28), request("q", "b", stayDays: 28),
                victims: [victim("a", sex: .male)],
                units: [unit("u1", exclusive: true), unit("u2", "s2", accepts: Admission(sexes: [.female]))]
            ) { $0.limits = MoveLimits(maxMoves: 0, minLegDays: 5) },
            stays: ["b u1 2 30"], changes: [.otherRequest("q")], english: ["q goes elsewhere or at another time"],
            dutch: ["q gaat ergens anders heen of op een ander moment"]),
        Case(
            scene: scene(
                request("r", "a", latest: 29), victims: [victim("a", needs: ["trauma"])],
                units: [unit("u1", beds: none)]),
            changes: [.need("trauma", ["a"]), .bed("u1", days: 2..<12)],
            english: ["a without trauma", bed.english],
            dutch: ["a zonder trauma", bed.dutch]),
        Case(
            // What keeps it out on every day on which it might begin is another thing than what does when it waits.
            scene: scene(
                request("r", "a"),
                victims: [
                    victim(
                        "a",
                        phases: StepFunction([.init(from: 0, value: .reflection), .init(from: 10, value: .permit)]))
                ],
                units: [unit("u1", beds: none, accepts: Admission(sexes: Sex.allCases, phases: [.permit]))]),
            changes: [.wait("r", latestStart: 10, daysLonger: 4), .bed("u1", days: 10..<20)],
            english: [
                "r may wait 4 days longer, until day 10 (2026-01-15)",
                "one more bed in u1 from 2026-01-15 to 2026-01-25",
            ],
            dutch: [
                "r mag 4 dagen langer wachten, tot en met dag 10 (2026-01-15)",
                "één plek meer in u1 van 2026-01-15 tot 2026-01-25",
            ]),
        Case(
            // Each of two keeps another thing out.
            scene: scene(
                request("r", "a", "b", together: .shelter),
                victims: [victim("a", needs: ["trauma"]), victim("b", avoid: Avoidance(shelters: ["s1"]))]),
            changes: [.need("trauma", ["a"]), .shelter("s1", ["b"])],
            english: ["a without trauma", "b no longer avoids shelter s1"],
            dutch: ["a zonder trauma", "b hoeft opvang s1 niet meer te mijden"]),
        Case(
            scene: scene(request("r", "a", "b", latest: 29), units: [unit("u1", beds: none)]),
            changes: [.bed("u1", days: 2..<12), .bed("u1", days: 2..<12)],
            english: [bed.english, bed.english],
            dutch: [bed.dutch, bed.dutch]),
        Case(
            scene: scene(
                request("r", "a"), victims: [victim("a", security: 3...4, avoid: Avoidance(regions: ["north"]))]),
            changes: [.security(level: 2, ["a"]), .region("north", ["a"])],
            english: ["security level 2 allowed for a", "a no longer avoids region north"],
            dutch: ["beveiligingsniveau 2 toegestaan voor a", "a hoeft regio north niet meer te mijden"]),
    ]

    /// More, of kinds that are shown above.
    static let furtherCases: [Case] = [
        Case(
            // Those whom nobody can move are one more than there are beds.
            scene: scene(
                request("r", "a", latest: 29),
                staying("q", "b", "c", in: "u1", stayDays: 30, locked: true),
                units: [unit("u1", beds: StepFunction(constant: 1))]),
            stays: ["b u1 0 30", "c u1 0 30"],
            changes: [.bed("u1", days: 2..<12), .bed("u1", days: 2..<12)],
            english: [bed.english, bed.english],
            dutch: [bed.dutch, bed.dutch]),
        Case(
            // There is a place, but so late that none is cheaper.
            scene: scene(
                request("r", "a", from: 0, latest: 29, urgency: .crisis),
                units: [unit("u1", beds: StepFunction([.init(from: 0, value: 0), .init(from: 29, value: 1)]))]
            ) { $0.weights.waitDay.crisis = 30_000 },
            changes: [.bed("u1", days: 0..<10)], english: ["one more bed in u1 from 2026-01-05 to 2026-01-15"],
            dutch: ["één plek meer in u1 van 2026-01-05 tot 2026-01-15"]),
        Case(
            // One bed, of which nobody could make two: the way for both is not even listed.
            scene: scene(
                request("r", "a", "b", together: .shelter, latest: 29),
                units: [unit("u1", beds: StepFunction(constant: 1))]),
            changes: [.bed("u1", days: 2..<12)], english: [bed.english],
            dutch: [bed.dutch]),
        Case(
            scene: scene(
                staying("r", "a", "b", in: "u1", together: .shelter, movesMade: 1),
                units: [unit("u1", beds: StepFunction(constant: 1))]),
            changes: [.bed("u1", days: 0..<10)], english: ["one more bed in u1 from 2026-01-05 to 2026-01-15"],
            dutch: ["één plek meer in u1 van 2026-01-05 tot 2026-01-15"]),
    ]

    @Test(arguments: cases + furtherCases)
    func `What would unlock a place was tried, and gives the plan it says`(_ example: Case) throws {
        let instance = try example.scene.instance()
        let plan = try example.scene.plan(example.stays, of: instance)
        let before = try #require(try verdict(on: plan, of: instance).costs?.total)
        let unlocking = try #require(try explain(Explainer(plan, of: instance), of: "r").unlocking)
        let isDangerous = example.changes.contains { $0.kind.isDangerous }
        #expect(unlocking.suggestions.map(\.changes) == (isDangerous ? [] : [example.changes]))
        #expect(unlocking.dangerous.map(\.changes) == (isDangerous ? [example.changes] : []))
        let suggestion = try #require((unlocking.suggestions + unlocking.dangerous).first)
        #expect(suggestion.isDangerous == isDangerous)
        #expect(suggestion.changes.map { $0.sentence(in: instance.horizon).in(.english) } == example.english)
        #expect(suggestion.changes.map { $0.sentence(in: instance.horizon).in(.dutch) } == example.dutch)
        try expectTrue(
            suggestion.consequence, of: "r", in: try instance.changed(by: example.changes), after: before)
    }

    @Test func `Of several victims a change is told in the plural`() throws {
        let horizon = try Self.scene(request("r", "a", "b")).instance().horizon
        let expected: [(Change, String, String)] = [
            (
                .travel(minutes: 55, ["a", "b"]), "a, b may travel up to 55 minutes to the investigation",
                "a, b mogen tot 55 minuten reizen naar het onderzoek"
            ),
            (
                .region("north", ["a", "b"]), "a, b no longer avoid region north",
                "a, b hoeven regio north niet meer te mijden"
            ),
            (
                .shelter("s1", ["a", "b"]), "a, b no longer avoid shelter s1",
                "a, b hoeven opvang s1 niet meer te mijden"
            ),
        ]
        for (change, english, dutch) in expected {
            #expect(change.sentence(in: horizon) == Sentence(english: english, dutch: dutch))
        }
    }

    @Test func `Every kind of change is shown above`() {
        #expect(Set(Self.cases.flatMap { $0.changes.map(\.kind) }) == Set(Change.Kind.allCases))
    }

    @Test func `A dangerous change is never among those suggested first, however much better it is`() throws {
        let scene = Self.scene(
            request("r", "a", latest: 6), victims: [victim("a", needs: ["trauma"], security: 2...2)],
            units: [unit("u1", scarcity: 900), unit("u2", "s2")])
        let instance = try scene.instance()
        let unlocking = try #require(try explain(scene.explainer(), of: "r").unlocking)
        #expect(unlocking.suggestions.map(\.changes) == [[.need("trauma", ["a"])]])
        #expect(unlocking.dangerous.map(\.changes) == [[.security(level: 3, ["a"])]])
        #expect(
            try #require(unlocking.dangerous.first).consequence.objectiveChange
                < #require(unlocking.suggestions.first).consequence.objectiveChange)
        #expect(instance.units.count == 2)
    }

    @Test func `On random tiny instances every suggestion gives a feasible plan that costs what is told`() throws {
        var kinds: Set<Change.Kind> = []
        var pairs = 0
        for n in 0..<250 {
            var tiny = TinyInstances(seed: UInt64(70_000 + n))
            let instance = try tiny.instance()
            for plan in [try Planner(instance).plan(), try Planner(instance).greedyPlan()] {
                let objective = try #require(plan.objective)
                let explainer = try Explainer(plan, of: instance)
                for entry in plan.unplaced {
                    let explanation = try explainer.explanation(of: entry.request)
                    #expect(!explanation.isCut)
                    #expect(!explanation.reasons.isEmpty)
                    let unlocking = try #require(explanation.unlocking)
                    #expect(unlocking.suggestions.allSatisfy { !$0.isDangerous })
                    #expect(unlocking.dangerous.allSatisfy { $0.isDangerous })
                    for suggestion in unlocking.suggestions + unlocking.dangerous {
                        kinds.formUnion(suggestion.changes.map(\.kind))
                        if suggestion.changes.count > 1 { pairs += 1 }
                        let comment: Comment = "instance \(n), \(entry.request): \(suggestion.changes)"
                        try expectTrue(
                            suggestion.consequence, of: entry.request,
                            in: try instance.changed(by: suggestion.changes), after: objective, comment)
                        #expect(
                            suggestion.consequence.objectiveChange
                                < explanation.alternatives.first?.extraCost ?? .max, comment)
                    }
                }
            }
        }
        #expect(pairs > 3)
        #expect(kinds.count >= 6)
    }

    @Test func `The same question has the same answer`() throws {
        for n in 0..<40 {
            var tiny = TinyInstances(seed: UInt64(80_000 + n))
            let instance = try tiny.instance()
            let plan = try Planner(instance).greedyPlan()
            for request in instance.requests {
                let first = try explain(Explainer(plan, of: instance), of: request.id)
                #expect(try explain(Explainer(plan, of: instance), of: request.id) == first)
            }
        }
    }

    @Test func `Without time left it tells what it knows and says so`() throws {
        let instance = try Self.cases[0].scene.instance()
        let plan = try Self.cases[0].scene.plan([], of: instance)
        let explainer = try Explainer(plan, of: instance, options: PlanningOptions(secondsLeft: { 0 }))
        let explanation = try explain(explainer, of: "r")
        #expect(explanation.isCut)
        #expect(explanation.reasons.map(\.code) == [.rule(.capacity)])
    }
}
