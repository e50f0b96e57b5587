import CareChain
import Planning
import TestSupport
import Testing

/// What one more bed saves, by the plan's prices and by planning again with it.
@Suite struct BedPriceTests {
    /// The sum of a plan's prices in a unit over some days.
    private func price(_ plan: Plan, in unit: UnitID, _ days: Range<Day>) -> Double {
        (plan.prices ?? []).filter { $0.unit == unit }.reduce(0) {
            $0 + $1.price * Double($1.days.clamped(to: days).count)
        }
    }

    /// What a plan with one more bed in a unit on some days costs less.
    private func saving(_ scene: Scene, in unit: UnitID, _ days: Range<Int>) throws -> Int {
        var more = scene
        more.units = scene.units.map { site in
            guard site.id == unit else { return site }
            let beds = (0..<scene.days).map { day in
                StepFunction<Int>.Step(
                    from: Day(day), value: (site.beds[Day(day)] + (days.contains(day) ? 1 : 0)))
            }
            return TestSupport.unit(unit, site.shelter, beds: StepFunction(beds))
        }
        let before = try Planner(try scene.instance()).plan()
        let after = try Planner(try more.instance()).plan()
        return try #require(before.objective) - (try #require(after.objective))
    }

    private func unit(_ id: UnitID, beds: Int) -> Unit { TestSupport.unit(id, beds: StepFunction(constant: beds)) }

    @Test func `Where two want one bed, it has the price of what one more would save`() throws {
        var scene = Scene(request("r", "a", latest: 2), request("q", "b", latest: 2, urgency: .planned))
        scene.units = [unit("u1", beds: 1)]
        let plan = try Planner(try scene.instance()).plan()
        let saving = try saving(scene, in: "u1", 0..<30)
        #expect(saving > 0)
        #expect(abs(price(plan, in: "u1", 0..<30) - Double(saving)) < 1)
        #expect(price(plan, in: "u1", 12..<30) == 0)
    }

    @Test func `A unit that fixed requests fill on all days has a price, on the days on which somebody would stay`()
        throws
    {
        var scene = Scene(
            request("r", "a", latest: 2), staying("f", "c", in: "u1", stayDays: 30, locked: true))
        scene.units = [unit("u1", beds: 1)]
        let plan = try Planner(try scene.instance()).plan()
        let saving = try saving(scene, in: "u1", 2..<12)
        #expect(saving > 0)
        #expect(abs(price(plan, in: "u1", 2..<12) - Double(saving)) < 1)
        #expect(abs(price(plan, in: "u1", 0..<30) - Double(saving)) < 1)
        #expect(plan.prices?.filter { $0.unit == "u1" }.map(\.days) == [2..<12])
    }

    @Test func `Who would move into a full unit gives it a price, whether or not a unit near them is full`() throws {
        var scene = Scene(
            staying("r", "b", in: "u2", stayDays: 30, noMoveBefore: 10),
            staying("f", "a", in: "u1", stayDays: 30, locked: true))
        scene.units = [unit("u1", beds: 1), TestSupport.unit("u2", "s2", scarcity: 500)]
        let plan = try Planner(try scene.instance()).plan()
        let saving = try saving(scene, in: "u1", 0..<30)
        #expect(saving > 0)
        #expect(abs(price(plan, in: "u1", 0..<30) - Double(saving)) < 1, "\(plan.prices ?? [])")
    }

    @Test func `One bed in a full unit is worth what those save who can use it one after another`() throws {
        var scene = Scene(
            request("r", "a", latest: 2), request("q", "b", from: 14, latest: 14),
            request("p", "d", from: 8, latest: 8, stayDays: 8, urgency: .planned),
            staying("f", "c", in: "u1", stayDays: 30, locked: true))
        scene.units = [unit("u1", beds: 1)]
        let plan = try Planner(try scene.instance()).plan()
        let saving = try saving(scene, in: "u1", 0..<30)
        #expect(abs(price(plan, in: "u1", 0..<30) - Double(saving)) < 1)
    }

    @Test func `A move into a full unit has its price`() throws {
        var scene = Scene(
            request("r", "a", latest: 2, stayDays: 20), staying("f", "c", in: "u1", stayDays: 30, locked: true))
        scene.units = [
            unit("u1", beds: 1),
            TestSupport.unit("u2", beds: StepFunction([.init(from: 0, value: 1), .init(from: 12, value: 0)])),
        ]
        let plan = try Planner(try scene.instance()).plan()
        #expect(plan.stays.count == 1)
        let saving = try saving(scene, in: "u1", 12..<22)
        #expect(saving > 0)
        #expect(price(plan, in: "u1", 12..<22) >= Double(saving) - 1)
    }

    @Test func `Where fixed requests have more than the beds, one more bed is worth nothing`() throws {
        var scene = Scene(
            request("r", "a", latest: 2), staying("f", "c", in: "u1", stayDays: 30, locked: true),
            staying("g", "d", in: "u1", stayDays: 30, locked: true))
        scene.units = [unit("u1", beds: 1)]
        let plan = try Planner(try scene.instance()).plan()
        #expect(try saving(scene, in: "u1", 0..<30) == 0)
        #expect(plan.prices == [])
    }

    @Test func `Prices of full units change nothing of a plan that starts from them`() throws {
        var scene = Scene(
            request("r", "a", latest: 2), request("q", "b"), staying("f", "c", in: "u1", stayDays: 30, locked: true))
        scene.units = [unit("u1", beds: 1), unit("u2", beds: 1)]
        let instance = try scene.instance()
        let plan = try Planner(instance).plan()
        let again = try Planner(instance).plan(from: plan)
        #expect(again.stays == plan.stays)
        #expect(again.bound == plan.bound)
    }
}
