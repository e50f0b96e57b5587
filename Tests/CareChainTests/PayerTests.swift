import CareChain
import TestSupport
import Testing

/// The rule of payers, by hand.
@Suite struct PayerTests {
    private func payers(_ scene: Scene, _ lines: String...) throws -> [String] {
        let instance = try scene.instance()
        return try scene.plan(lines, of: instance).funding.map {
            "\($0.victim) \($0.funder?.text ?? "nobody") \($0.from)-\($0.until)"
        }
    }

    private func funder(
        _ id: FunderID, _ accepts: FunderAcceptance = FunderAcceptance(), window: Range<Day> = 0..<99,
        maxDays: Int? = nil, budget: Cents? = nil
    ) -> Funder {
        Funder(id: id, name: id.text, accepts: accepts, window: window, maxDaysPerVictim: maxDays, budget: budget)
    }

    @Test func theFirstThatAcceptsPays() throws {
        var scene = Scene(request("r", "a"))
        scene.funders = [funder("f", window: 5..<8), funder("g", window: 0..<10)]
        #expect(try payers(scene, "a u1 2 12") == ["a g 2-5", "a f 5-8", "a g 8-10", "a nobody 10-12"])
    }

    @Test func aLimitOfDaysCountsThoseBefore() throws {
        var scene = Scene(
            request("r", "a", "b"), victims: [victim("a", paidDays: [PaidDays(funder: "f", days: 4)])])
        scene.funders = [funder("f", maxDays: 6)]
        #expect(
            try payers(scene, "a u1 2 12", "b u1 2 12") == [
                "a f 2-4", "a nobody 4-12", "b f 2-8", "b nobody 8-12",
            ])
    }

    @Test func daysThatAnotherPaysDoNotCount() throws {
        var scene = Scene(request("r", "a"))
        scene.funders = [funder("f", window: 4..<6), funder("g", maxDays: 5)]
        #expect(try payers(scene, "a u1 2 12") == ["a g 2-4", "a f 4-6", "a g 6-9", "a nobody 9-12"])
    }

    @Test func ageAndPhaseAreThoseOfTheDay() throws {
        let phases = StepFunction([.init(from: 0, value: Phase.reflection), .init(from: 5, value: .permit)])
        var scene = Scene(request("r", "a"), victims: [victim("a", born: "2008-01-13", phases: phases)])
        scene.funders = [
            funder("f", FunderAcceptance(phases: [.permit], ages: AgeRange(min: nil, max: 17))),
            funder("g", FunderAcceptance(ages: AgeRange(min: 18, max: nil))),
        ]
        #expect(try payers(scene, "a u1 2 12") == ["a nobody 2-5", "a f 5-8", "a g 8-12"])
    }

    @Test func placeAndBedTypeAreThoseOfTheStay() throws {
        var scene = Scene(request("r", "a"))
        scene.units[0] = unit("u1", bedType: .crisis)
        scene.funders = [
            funder("f", FunderAcceptance(bedTypes: [.crisis])),
            funder("g", FunderAcceptance(shelterRegions: ["south"])),
        ]
        #expect(try payers(scene, "a u1 2 7", "a u2 7 12") == ["a f 2-7", "a g 7-12"])
        #expect(try payers(scene, "a u3 2 12") == ["a nobody 2-12"])
    }

    @Test func aListOfRegionsNeverAcceptsSomebodyRegisteredNowhere() throws {
        var scene = Scene(request("r", "a", "b"), victims: [victim("b", registeredIn: "north")])
        scene.funders = [funder("f", FunderAcceptance(registeredIn: ["north"]))]
        #expect(try payers(scene, "a u1 2 12", "b u1 2 12") == ["b f 2-12", "a nobody 2-12"])
    }

    @Test func aMoveDoesNotBreakAPeriodAndABudgetDoesNotEndOne() throws {
        var scene = Scene(request("r", "a"))
        scene.funders = [funder("f", budget: 0)]
        #expect(try payers(scene, "a u1 2 7", "a u2 7 12") == ["a f 2-12"])
    }
}
