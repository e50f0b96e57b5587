import CareChain
import Planning
import TestSupport
import Testing

/// The smallest cases in which each thing keeps a request out of a unit.
@Suite struct ObstacleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let code: String
        let scene: Scene
        let stays: [String]
        var request: RequestID = "r"
        let english: String
        let dutch: String
        var testDescription: String { english }
    }

    private static func scene(
        _ requests: Request..., victims: [Victim] = [], units: [Unit]? = nil, change: (inout Scene) -> Void = { _ in }
    ) -> Scene {
        var scene = Scene()
        scene.requests = requests
        scene.victims = victims
        scene.units = units ?? [unit("u1"), unit("u2", "s2")]
        change(&scene)
        return scene
    }

    static let cases: [Case] = [
        Case(
            code: "services", scene: scene(request("r", "a"), victims: [victim("a", needs: ["trauma"])]), stays: [],
            english: "no trauma, which a needs", dutch: "geen trauma, dat a nodig heeft"),
        Case(
            code: "security", scene: scene(request("r", "a"), victims: [victim("a", security: 3...4)]), stays: [],
            english: "security level 2, a needs 3 to 4", dutch: "beveiligingsniveau 2, a heeft 3 tot en met 4 nodig"),
        Case(
            code: "avoid",
            scene: scene(request("r", "a"), victims: [victim("a", avoid: Avoidance(regions: ["north"]))]), stays: [],
            english: "in region north, which a must avoid", dutch: "in gevarenregio north van a"),
        Case(
            code: "avoid", scene: scene(request("r", "a"), victims: [victim("a", avoid: Avoidance(shelters: ["s1"]))]),
            stays: [], english: "in shelter s1, which a must avoid", dutch: "in opvang s1, die a moet mijden"),
        Case(
            code: "investigation",
            scene: scene(
                request("r", "a"),
                victims: [victim("a", investigation: Investigation(region: "south", maxTravelMinutes: 30))]),
            stays: [], english: "55 minutes to the investigation of a, at most 30 allowed",
            dutch: "55 minuten naar het onderzoek van a, hoogstens 30 toegestaan"),
        Case(
            code: "admission",
            scene: scene(request("r", "a"), units: [unit("u1", accepts: Admission(sexes: [.male]))]), stays: [],
            english: "does not admit sex female (a)", dutch: "neemt geslacht vrouw niet op (a)"),
        Case(
            code: "admission", scene: scene(request("r", "a"), units: [unit("u1", minGroup: 2)]), stays: [],
            english: "not for one alone (at least 2)", dutch: "niet voor één alleen (minstens 2)"),
        Case(
            code: "admission",
            scene: scene(
                request("r", "a"),
                units: [unit("u1", accepts: Admission(sexes: Sex.allCases, ages: AgeRange(min: nil, max: 17)))]),
            stays: [], english: "does not admit age 35 (a on day 2 (2026-01-07))",
            dutch: "neemt leeftijd 35 niet op (a op dag 2 (2026-01-07))"),
        Case(
            code: "admission",
            scene: scene(
                request("r", "a"), units: [unit("u1", accepts: Admission(sexes: Sex.allCases, phases: [.permit]))]),
            stays: [], english: "does not admit phase reflection period (a on day 2 (2026-01-07))",
            dutch: "neemt fase bedenktijd niet op (a op dag 2 (2026-01-07))"),
        Case(
            code: "together",
            scene: scene(
                request("r", "a", "b", together: .shelter), victims: [victim("b", avoid: Avoidance(shelters: ["s1"]))]),
            stays: [], english: "b of the same request can be nowhere in this shelter",
            dutch: "b van hetzelfde verzoek kan nergens in deze opvang terecht"),
        Case(
            code: "together",
            scene: scene(request("r", "a", "b", together: .shelter), units: [unit("u1", maxGroup: 1)]), stays: [],
            english: "not all of the request fit there together", dutch: "niet allen van het verzoek passen er samen"),
        Case(
            code: "hold", scene: scene(staying("r", "a", in: "u2", noMoveBefore: 20)), stays: ["a u2 0 10"],
            english: "no move before day 20 (2026-01-25): there is a hold",
            dutch: "geen verhuizing vóór dag 20 (2026-01-25): er is een verhuisverbod"),
        Case(
            code: "legs", scene: scene(staying("r", "a", in: "u2", movesMade: 1)), stays: ["a u2 0 10"],
            english: "no move is left (at most 1)", dutch: "er is geen verhuizing over (hoogstens 1)"),
        Case(
            code: "capacity",
            scene: scene(
                request("r", "a"), staying("q", "b", in: "u1", stayDays: 9, locked: true),
                units: [unit("u1", beds: StepFunction(constant: 1))]),
            stays: ["b u1 0 9"],
            english: "no bed on day 2 (2026-01-07); held by q until 2026-01-14 (fixed); "
                + "free for the whole stay from day 9 (2026-01-14)",
            dutch: "geen plek op dag 2 (2026-01-07); bezet door q tot 2026-01-14 (vast); "
                + "vrij voor het hele verblijf vanaf dag 9 (2026-01-14)"),
        Case(
            code: "exclusive",
            scene: scene(request("r", "a"), request("q", "b"), units: [unit("u1", exclusive: true)]),
            stays: ["b u1 2 12"],
            english: "takes one group at a time, another is there on day 2 (2026-01-07); held by q until 2026-01-17",
            dutch: "neemt één groep tegelijk, er is een andere op dag 2 (2026-01-07); bezet door q tot 2026-01-17"),
        Case(
            code: "mixing",
            scene: scene(
                request("r", "a"), request("q", "b"), victims: [victim("b", sex: .male)],
                units: [unit("u1", mixing: .singleSex)]), stays: ["b u1 2 12"],
            english: "one sex at a time, another sex is there on day 2 (2026-01-07); held by q until 2026-01-17",
            dutch: "één geslacht tegelijk, er is een ander geslacht op dag 2 (2026-01-07); bezet door q tot 2026-01-17"),
        Case(
            code: "mixing",
            scene: scene(
                request("r", "a", "b", latest: 2), request("q", "c", from: 5), victims: [victim("b", sex: .male)],
                units: [unit("u1", beds: StepFunction(constant: 4), mixing: .singleSex)]),
            stays: ["c u1 5 15"], english: "one sex at a time, the request is of several (on day 2 (2026-01-07))",
            dutch: "één geslacht tegelijk, het verzoek heeft er meer (op dag 2 (2026-01-07))"),
        Case(
            code: "no-contact",
            scene: scene(request("r", "a"), request("q", "b"), units: [unit("u1")]) {
                $0.noContact = [NoContact(a: "b", b: "a", scope: .shelter)]
            }, stays: ["b u1 2 12"], english: "a must not meet b, who is there on day 2 (2026-01-07)",
            dutch: "a mag b niet ontmoeten, die er is op dag 2 (2026-01-07)"),
        Case(
            code: "security",
            scene: scene(staying("r", "a", in: "u2", noMoveBefore: 3), victims: [victim("a", security: 1...2)]),
            stays: [], english: "it cannot stay in u2 until it may move: security level 3, a needs 1 to 2",
            dutch:
                "het kan niet in u2 blijven tot het mag verhuizen: beveiligingsniveau 3, a heeft 1 tot en met 2 nodig"),
        Case(
            code: "capacity",
            scene: scene(
                request("r", "a", "b", together: .shelter), request("q", "c"),
                units: [unit("u1", beds: StepFunction(constant: 1)), unit("u3", beds: StepFunction(constant: 1))]),
            stays: ["c u3 2 12"],
            english: "others of the request would be in u3: no bed on day 2 (2026-01-07); "
                + "held by q until 2026-01-17; free for the whole stay from day 12 (2026-01-17)",
            dutch: "anderen van het verzoek zouden in u3 zijn: geen plek op dag 2 (2026-01-07); "
                + "bezet door q tot 2026-01-17; vrij voor het hele verblijf vanaf dag 12 (2026-01-17)"),
        Case(
            code: "fixed", scene: scene(staying("r", "a", in: "u2", locked: true)), stays: ["a u2 0 10"],
            english: "people have decided that this request is elsewhere",
            dutch: "er is besloten dat dit verzoek ergens anders is"),
    ]

    @Test(arguments: cases)
    func `What keeps a request out of a unit is told with whom and when, in both languages`(_ example: Case) throws {
        let instance = try example.scene.instance()
        let explainer = try Explainer(try example.scene.plan(example.stays, of: instance), of: instance)
        let unit = try #require(try explain(explainer, of: example.request, in: "u1").unit)
        let obstacle = try #require(unit.obstacle)
        #expect(obstacle.code.text == example.code)
        #expect(obstacle.sentence(in: instance.horizon) == Sentence(english: example.english, dutch: example.dutch))
        #expect(!unit.isThere)
        #expect(unit.beside == nil)
    }

    @Test func `A place that is possible but dearer than none has the code cost`() throws {
        var scene = Scene(request("r", "a"))
        scene.weights.unplaced.urgent = 10
        scene.units = [unit("u1")]
        let reasons = try explain(scene.explainer(), of: "r").reasons
        #expect(reasons.map(\.code) == [.cost])
        let plan = try Planner(scene.instance()).plan()
        #expect(plan.unplaced.flatMap(\.reasons).map(\.code) == ["cost"])
    }

    @Test func `Every code is produced above`() {
        #expect(Set(Self.cases.map(\.code) + ["cost"]) == Set(ReasonCode.allCases.map(\.text)))
    }

    @Test func `Units are counted by what closes them, those of most units first`() throws {
        var scene = Scene(
            request("r", "a", from: 0, latest: 2), victims: [victim("a", needs: ["trauma"], security: 3...3)])
        let late = StepFunction([.init(from: 0, value: 0), .init(from: 12, value: 1)])
        let later = StepFunction([.init(from: 0, value: 0), .init(from: 15, value: 1)])
        scene.units = [
            unit("u1"), unit("u2", "s2", beds: late), unit("u3", "s2", beds: later), unit("u4", services: ["trauma"]),
            unit("u5", "s2", beds: StepFunction(constant: 0)),
        ]
        let instance = try scene.instance()
        let reasons = try explain(scene.explainer(), of: "r").reasons
        #expect(
            reasons.map { $0.sentence(in: instance.horizon).in(.english) } == [
                "3 units: no bed for the whole stay before day 12 (2026-01-17)", "1 unit: security 3 needed",
                "1 unit: no trauma",
            ])
        #expect(
            reasons.map { $0.sentence(in: instance.horizon).in(.dutch) } == [
                "3 afdelingen: geen plek voor het hele verblijf vóór dag 12 (2026-01-17)",
                "1 afdeling: beveiliging 3 nodig", "1 afdeling: geen trauma",
            ])
        #expect(reasons.map(\.units) == [["u2", "u3", "u5"], ["u4"], ["u1"]])
        let written = try Planner(instance).plan().unplaced.flatMap(\.reasons)
        #expect(written.map(\.code) == ["capacity", "security", "services"])
        #expect(written[0].detail == "3 units: no bed for the whole stay before day 12 (2026-01-17)")
    }
}
