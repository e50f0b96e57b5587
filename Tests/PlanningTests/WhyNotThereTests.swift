import CareChain
import Planning
import TestSupport
import Testing

@Suite struct WhyNotThereTests {
    @Test func `A place that is free is told with what it costs more`() throws {
        var scene = Scene(request("r", "a", preferredRegion: "north"))
        scene.units = [unit("u1"), unit("u2", "s2", scarcity: 3)]
        let explainer = try scene.explainer("a u1 2 12")
        let unit = try #require(try explain(explainer, of: "r", in: "u2").unit)
        #expect(unit.obstacle == nil)
        // Out of region, one level more for ten days, and a scarce unit for ten days.
        #expect(unit.beside?.extraCost == 400 + 30 + 30)
        #expect(unit.consequence?.objectiveChange == 460)
        #expect(try explain(explainer, of: "r", in: "u1").unit?.isThere == true)
    }

    @Test func `A place that others hold is told with who goes where for it`() throws {
        var scene = Scene(request("r", "a"), request("q", "b", preferredRegion: "north"))
        scene.units = [unit("u1", beds: StepFunction(constant: 1)), unit("u2", "s2", beds: StepFunction(constant: 1))]
        let instance = try scene.instance()
        let explainer = try scene.explainer("a u2 2 12", "b u1 2 12")
        let unit = try #require(try explain(explainer, of: "r", in: "u1").unit)
        #expect(unit.obstacle?.holders.map(\.request) == ["q"])
        #expect(unit.beside == nil)
        let consequence = try #require(unit.consequence)
        let before = try #require(try verdict(on: explainer.plan, of: instance).costs?.total)
        try expectTrue(consequence, of: "r", in: instance, after: before)
        #expect(consequence.others.map(\.request) == ["q"])
        #expect(consequence.others.first?.after.map(\.unit) == ["u2"])
        // The one who makes room is then out of its region, and needs less security than there is.
        #expect(consequence.objectiveChange == 400)
    }

    @Test func `Others make room also for those who make room`() throws {
        // Three in a ring: each may be in two of three shelters, and only if all go on by one is r in the second.
        var scene = Scene(
            request("r", "a", latest: 2, preferredRegion: "north"), request("q", "b", latest: 2),
            request("p", "c", latest: 2),
            victims: [
                victim("a", avoid: Avoidance(shelters: ["s3"])), victim("b", avoid: Avoidance(shelters: ["s1"])),
                victim("c", avoid: Avoidance(shelters: ["s2"])),
            ])
        scene.limits = MoveLimits(maxMoves: 0, minLegDays: 7)
        scene.shelters.append(Shelter(id: "s3", region: "south", security: 2, services: []))
        scene.units = ["s1", "s2", "s3"].enumerated().map { n, shelter in
            unit(UnitID("u\(n + 1)"), ShelterID(shelter), beds: StepFunction(constant: 1))
        }
        let instance = try scene.instance()
        let plan = try Planner(instance).plan()
        #expect(plan.stays.first { $0.request == "r" }?.unit == "u1")
        let explainer = try Explainer(plan, of: instance)
        let consequence = try #require(try explain(explainer, of: "r", in: "u2").unit?.consequence)
        try expectTrue(consequence, of: "r", in: instance, after: try #require(plan.objective))
        #expect(consequence.others.map { $0.after.map(\.unit) } == [["u3"], ["u1"]])
    }

    @Test func `Whom a victim must not meet makes room too`() throws {
        var scene = Scene(request("r", "a", latest: 2), request("q", "b", latest: 2))
        scene.units = [
            unit("u1", beds: StepFunction(constant: 1)), unit("u2", "s2", beds: StepFunction(constant: 1)),
            unit("u3", beds: StepFunction(constant: 1), accepts: Admission(sexes: [.male])),
        ]
        scene.victims = [victim("b", sex: .male)]
        scene.noContact = [NoContact(a: "a", b: "b", scope: .shelter)]
        let instance = try scene.instance()
        let objective = try #require(try Planner(instance).plan().objective)
        var plan = try scene.plan(["a u2 2 12", "b u3 2 12"], of: instance)
        plan.objective = try verdict(on: plan, of: instance).costs?.total
        let explainer = try Explainer(plan, of: instance)
        let consequence = try #require(try explain(explainer, of: "r", in: "u1").unit?.consequence)
        try expectTrue(consequence, of: "r", in: instance, after: try #require(plan.objective))
        #expect(consequence.others.map(\.after).map { $0.map(\.unit) } == [["u2"]])
        #expect(consequence.plan.objective == objective)
    }

    @Test func `Somebody who is elsewhere now can come later`() throws {
        var scene = Scene(staying("r", "a", in: "u1"))
        scene.units = [
            unit("u1"), unit("u2", "s2", beds: StepFunction([.init(from: 0, value: 0), .init(from: 4, value: 1)])),
        ]
        let unit = try #require(try explain(scene.explainer("a u1 0 10"), of: "r", in: "u2").unit)
        #expect(unit.obstacle == nil)
        let stays = try #require(unit.beside?.stays)
        #expect(stays.map(\.unit) == ["u1", "u2"])
        #expect(stays.map(\.until).last == 10)
        #expect(unit.consequence?.stays == stays)
    }

    @Test func `On random tiny instances the plan with a request in a unit is feasible and costs what is told`() throws
    {
        var found = 0
        for n in 0..<200 {
            var tiny = TinyInstances(seed: UInt64(60_000 + n))
            let instance = try tiny.instance()
            let plan = try Planner(instance).plan()
            let objective = try #require(plan.objective)
            let explainer = try Explainer(plan, of: instance)
            for request in instance.requests where !request.isFixed {
                for site in instance.units {
                    let unit = try #require(try explain(explainer, of: request.id, in: site.id).unit)
                    if let consequence = unit.consequence {
                        found += 1
                        try expectTrue(consequence, of: request.id, in: instance, after: objective, "instance \(n)")
                        #expect(consequence.stays.contains { $0.unit == site.id }, "instance \(n)")
                        #expect(consequence.objectiveChange >= 0, "instance \(n)")
                        #expect(consequence.objectiveChange <= unit.beside?.extraCost ?? .max, "instance \(n)")
                    }
                    if unit.obstacle == nil, !unit.isThere, request.victims.count == 1 {
                        #expect(unit.beside != nil, "instance \(n), \(request.id) in \(site.id)")
                    }
                    if unit.obstacle != nil {
                        #expect(unit.beside == nil, "instance \(n), \(request.id) in \(site.id)")
                    }
                }
            }
        }
        #expect(found > 30)
    }
}
