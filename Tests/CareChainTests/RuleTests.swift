import CareChain
import TestSupport
import Testing

/// For each rule the smallest plan that keeps it and the smallest that breaks it, by the referee.
@Suite struct RuleTests {
    @Test func timingWithinTheDaysOfTheRequest() throws {
        let scene = Scene(request("r", "a"))
        #expect(try scene.judge("a u1 2 12").isFeasible)
        #expect(try scene.judge("a u1 6 16").isFeasible)
        #expect(try scene.judge("a u1 1 11").rules == [.timing])
        #expect(try scene.judge("a u1 7 17").rules == [.timing])
        #expect(try scene.judge("a u1 2 11").rules == [.timing])
        #expect(try scene.judge("a u1 2 13").rules == [.timing])
    }

    @Test func timingEndsAtTheHorizon() throws {
        var scene = Scene(request("r", "a", stayDays: 100))
        #expect(try scene.judge("a u1 2 30").isFeasible)
        #expect(try scene.judge("a u1 2 31").rules == [.timing])
        scene.days = 31
        #expect(try scene.judge("a u1 2 30").rules == [.timing])
    }

    @Test func timingWithoutGapOrOverlap() throws {
        let scene = Scene(request("r", "a"))
        #expect(try scene.judge("a u1 2 7", "a u2 7 12").isFeasible)
        #expect(try scene.judge("a u1 2 7", "a u2 8 12").rules == [.timing])
        #expect(try scene.judge("a u1 2 8", "a u2 7 12").rules.contains(.timing))
        #expect(try scene.judge("a u1 2 2", "a u2 2 12").rules.contains(.timing))
    }

    @Test func timingTheSameForAllVictims() throws {
        let scene = Scene(request("r", "a", "b", together: .shelter))
        #expect(try scene.judge("a u1 2 12", "b u1 2 12").isFeasible)
        #expect(try scene.judge("a u1 2 12", "b u1 3 12").rules.contains(.timing))
        #expect(try scene.judge("a u1 2 7", "a u3 7 12", "b u3 2 7", "b u1 7 12").isFeasible)
        #expect(try scene.judge("a u1 2 7", "a u3 7 12", "b u3 2 12").rules == [.timing])
        #expect(try scene.judge("a u1 2 12").rules == [.timing])
    }

    @Test func timingOfThoseWhoAreThereStartsOnDayZero() throws {
        let scene = Scene(staying("r", "a", "b", in: "u1", together: .shelter))
        #expect(try scene.judge("a u1 0 10", "b u3 0 10").isFeasible)
        #expect(try scene.judge("a u1 1 10", "b u1 1 10").rules.contains(.timing))
        #expect(try scene.judge("a u1 5 10", "a u3 0 5", "b u1 0 10").rules.contains(.timing))
    }

    @Test func placedOrUnplacedAndNeverBoth() throws {
        let scene = Scene(request("r", "a"))
        let instance = try scene.instance()
        #expect(try scene.judge().isFeasible)
        var plan = try scene.plan(["a u1 2 12"], of: instance)
        plan.unplaced = [Unplaced(request: "r", reasons: [])]
        #expect(try verdict(on: plan, of: instance).rules == [.timing])
        plan = try scene.plan([], of: instance)
        plan.unplaced = []
        #expect(try verdict(on: plan, of: instance).rules == [.timing])
    }

    @Test func legsLongEnough() throws {
        var scene = Scene(request("r", "a"))
        #expect(try scene.judge("a u1 2 7", "a u2 7 12").isFeasible)
        #expect(try scene.judge("a u1 2 6", "a u2 6 12").rules == [.legs])
        #expect(try scene.judge("a u1 2 11", "a u2 11 12").isFeasible)
        scene.requests = [staying("r", "a", in: "u1")]
        #expect(try scene.judge("a u1 0 1", "a u2 1 10").isFeasible)
        #expect(try scene.judge("a u2 0 1", "a u1 1 10").rules == [.legs])
    }

    @Test func legsWithFewMoves() throws {
        var scene = Scene(request("r", "a", stayDays: 20))
        #expect(try scene.judge("a u1 2 7", "a u2 7 12", "a u1 12 22").rules == [.legs])
        scene.limits = MoveLimits(maxMoves: 2, minLegDays: 5)
        #expect(try scene.judge("a u1 2 7", "a u2 7 12", "a u1 12 22").isFeasible)
        #expect(try scene.judge("a u1 2 7", "a u1 7 22").rules == [.legs])
    }

    @Test func legsCountMovesMadeBefore() throws {
        var scene = Scene(staying("r", "a", in: "u1", movesMade: 1))
        #expect(try scene.judge("a u1 0 10").isFeasible)
        #expect(try scene.judge("a u1 0 5", "a u2 5 10").rules == [.legs])
        #expect(try scene.judge("a u2 0 10").rules == [.legs])
        scene.limits = MoveLimits(maxMoves: 2, minLegDays: 5)
        #expect(try scene.judge("a u2 0 10").isFeasible)
    }

    @Test func holdKeepsThemWhereTheyAre() throws {
        let scene = Scene(staying("r", "a", in: "u1", noMoveBefore: 4))
        #expect(try scene.judge("a u1 0 4", "a u2 4 10").isFeasible)
        #expect(try scene.judge("a u1 0 3", "a u2 3 10").rules == [.hold])
        let violations = try scene.judge("a u2 0 10").violations
        #expect(violations.map(\.rule) == [.hold])
        #expect(violations.map(\.detail.dutch) == ["slachtoffer a: verhuist vóór dag 4"])
    }

    @Test func capacityOnEachDay() throws {
        var scene = Scene(request("r1", "a"), request("r2", "b"))
        scene.units[0] = unit("u1", beds: StepFunction([.init(from: 0, value: 2), .init(from: 12, value: 1)]))
        #expect(try scene.judge("a u1 2 12", "b u1 2 12").isFeasible)
        #expect(try scene.judge("a u1 2 12", "b u1 3 13").isFeasible)
        #expect(try scene.judge("a u1 3 13", "b u1 3 13").rules == [.capacity])
    }

    @Test func capacityCountedByRequest() throws {
        var scene = Scene(request("r1", "a", "b", "c"), request("r2", "d"))
        scene.units[0] = unit("u1", beds: StepFunction(constant: 1), countBy: .request)
        #expect(try scene.judge("a u1 2 12", "b u1 2 12", "c u1 2 12").isFeasible)
        #expect(try scene.judge("a u1 2 12", "b u1 2 12", "c u1 2 12", "d u1 2 12").rules == [.capacity])
    }

    @Test func capacityPassedByFixedStaysIsForgivenAndNeverAddedTo() throws {
        var scene = Scene(
            staying("f", "a", "b", in: "u1", locked: true),
            committed("g", CommittedStay(victim: "c", unit: "u1", days: 3..<9)), request("r", "d"))
        scene.units[0] = unit("u1", beds: StepFunction(constant: 1))
        #expect(try scene.judge("a u1 0 10", "b u1 0 10", "c u1 3 9").isFeasible)
        #expect(try scene.judge("a u1 0 10", "b u1 0 10", "c u1 3 9", "d u1 6 16").rules == [.capacity])
    }

    @Test(arguments: [
        (Admission(sexes: [.female, .x]), true), (Admission(sexes: [.male]), false),
        (Admission(sexes: [.female], ages: AgeRange(min: 35, max: 35)), true),
        (Admission(sexes: [.female], ages: AgeRange(min: 36, max: nil)), false),
        (Admission(sexes: [.female], ages: AgeRange(min: nil, max: 34)), false),
        (Admission(sexes: [.female], phases: [.reflection]), true),
        (Admission(sexes: [.female], phases: [.permit]), false), (Admission(sexes: []), false),
    ])
    func admission(_ accepts: Admission, keeps: Bool) throws {
        var scene = Scene(request("r", "a"), victims: [victim("a", born: "1990-06-15")])
        scene.units[0] = unit("u1", accepts: accepts)
        #expect(try scene.judge("a u1 2 12").rules == (keeps ? [] : [.admission]))
    }

    @Test func admissionCountsOnTheFirstDayOnly() throws {
        let phases = StepFunction([.init(from: 0, value: Phase.signal), .init(from: 4, value: .reflection)])
        var scene = Scene(request("r", "a"), victims: [victim("a", born: "2008-01-12", phases: phases)])
        scene.units[0] = unit("u1", accepts: Admission(sexes: [.female], ages: AgeRange(min: 18, max: nil)))
        scene.units[1] = unit("u2", accepts: Admission(sexes: [.female], phases: [.signal]))
        // The eighteenth birthday is day 7.
        #expect(try scene.judge("a u2 2 7", "a u1 7 12").isFeasible)
        #expect(try scene.judge("a u1 6 16").rules == [.admission])
        #expect(try scene.judge("a u2 3 13").isFeasible)
        #expect(try scene.judge("a u2 4 14").rules == [.admission])
    }

    @Test func admissionOfGroups() throws {
        var scene = Scene(request("r", "a", "b", together: .shelter))
        scene.units[0] = unit("u1", beds: StepFunction(constant: 3), minGroup: 2, maxGroup: 2)
        scene.units[2] = unit("u3", beds: StepFunction(constant: 3), maxGroup: 1)
        #expect(try scene.judge("a u1 2 12", "b u1 2 12").isFeasible)
        #expect(try scene.judge("a u1 2 12", "b u3 2 12").rules == [.admission])
        #expect(try scene.judge("a u3 2 12", "b u3 2 12").rules == [.admission])
    }

    @Test func admissionDoesNotAskThoseWhoAreThere() throws {
        var scene = Scene(staying("r", "a", in: "u1"))
        scene.units[0] = unit("u1", accepts: Admission(sexes: [.male]), minGroup: 2)
        #expect(try scene.judge("a u1 0 10").isFeasible)
        scene.requests = [staying("r", "a", in: "u2")]
        #expect(try scene.judge("a u1 0 10").rules == [.admission])
        scene.requests = [staying("r", "a", in: "u1", locked: true)]
        #expect(try scene.judge("a u1 0 10").isFeasible)
    }

    @Test func servicesOfUnitOrShelter() throws {
        var scene = Scene(request("r", "a"), victims: [victim("a", needs: ["24h", "childcare"])])
        scene.units[0] = unit("u1", services: ["childcare"])
        #expect(try scene.judge("a u1 2 12").isFeasible)
        #expect(try scene.judge("a u3 2 12").rules == [.services])
        #expect(try scene.judge("a u1 2 7", "a u3 7 12").rules == [.services])
    }

    @Test(arguments: [(1...2, true), (2...2, true), (3...4, false), (1...1, false)])
    func securityWithinTheLevelsAllowed(_ levels: ClosedRange<Int>, keeps: Bool) throws {
        let scene = Scene(request("r", "a"), victims: [victim("a", security: levels)])
        #expect(try scene.judge("a u1 2 12").rules == (keeps ? [] : [.security]))
    }

    @Test func avoidRegionsAndShelters() throws {
        var scene = Scene(request("r", "a"), victims: [victim("a", avoid: Avoidance(regions: ["south"]))])
        #expect(try scene.judge("a u1 2 12").isFeasible)
        #expect(try scene.judge("a u2 2 12").rules == [.avoid])
        scene.victims = [victim("a", avoid: Avoidance(shelters: ["s1"]))]
        #expect(try scene.judge("a u2 2 12").isFeasible)
        #expect(try scene.judge("a u3 2 12").rules == [.avoid])
    }

    @Test func avoidHoldsForThoseWhoAreThereToo() throws {
        let scene = Scene(staying("r", "a", in: "u1"), victims: [victim("a", avoid: Avoidance(shelters: ["s1"]))])
        #expect(try scene.judge("a u1 0 10").rules == [.avoid])
        #expect(try scene.judge("a u2 0 10").isFeasible)
    }

    @Test(arguments: [
        ("north", 55, true), ("north", 54, false), ("south", 0, true), ("west", nil, true), ("west", 1000, false),
    ])
    func investigationWithinReach(_ region: RegionID, _ most: Int?, keeps: Bool) throws {
        let scene = Scene(
            request("r", "a"),
            victims: [victim("a", investigation: Investigation(region: region, maxTravelMinutes: most))])
        #expect(try scene.judge("a u2 2 12").rules == (keeps ? [] : [.investigation]))
    }

    @Test func togetherInOneUnitOrShelter() throws {
        var scene = Scene(request("r", "a", "b"))
        #expect(try scene.judge("a u1 2 12", "b u1 2 12").isFeasible)
        #expect(try scene.judge("a u1 2 12", "b u3 2 12").rules == [.together])
        scene.requests = [request("r", "a", "b", together: .shelter)]
        #expect(try scene.judge("a u1 2 12", "b u3 2 12").isFeasible)
        #expect(try scene.judge("a u1 2 12", "b u2 2 12").rules == [.together])
    }

    @Test(arguments: [
        (ContactScope.unit, "u3", true), (.unit, "u1", false), (.shelter, "u2", true), (.shelter, "u3", false),
        (.region, "u4", true), (.region, "u2", false),
    ])
    func noContactInUnitShelterOrRegion(_ scope: ContactScope, _ unitOfOther: String, keeps: Bool) throws {
        var scene = Scene(request("r1", "a"), request("r2", "b"))
        scene.shelters[1] = Shelter(id: "s2", region: "north", security: 3, services: [])
        scene.shelters.append(Shelter(id: "s4", region: "west", security: 1, services: []))
        scene.units.append(unit("u4", "s4"))
        scene.noContact = [NoContact(a: "b", b: "a", scope: scope)]
        #expect(try scene.judge("a u1 2 12", "b \(unitOfOther) 3 13").rules == (keeps ? [] : [.noContact]))
    }

    @Test func noContactCountsByDay() throws {
        var scene = Scene(request("r1", "a", stayDays: 4), request("r2", "b"))
        scene.noContact = [NoContact(a: "a", b: "b", scope: .unit)]
        #expect(try scene.judge("a u1 2 6", "b u1 6 16").isFeasible)
        #expect(try scene.judge("a u1 2 6", "b u1 5 15").rules == [.noContact])
    }

    @Test func noContactForgivesFixedPairsAndFamilies() throws {
        var scene = Scene(staying("r1", "a", in: "u1", locked: true), staying("r2", "b", in: "u1", locked: true))
        scene.noContact = [NoContact(a: "a", b: "b", scope: .region)]
        #expect(try scene.judge("a u1 0 10", "b u1 0 10").isFeasible)
        scene.requests[1] = staying("r2", "b", in: "u1")
        #expect(try scene.judge("a u1 0 10", "b u1 0 10").rules == [.noContact])
        scene.requests = [request("r", "a", "b")]
        #expect(try scene.judge("a u1 2 12", "b u1 2 12").isFeasible)
    }

    @Test func mixingInSingleSexUnits() throws {
        var scene = Scene(
            request("r1", "a", stayDays: 3), request("r2", "b"),
            victims: [victim("a", sex: .x), victim("b", sex: .female)])
        scene.units[0] = unit("u1", mixing: .singleSex)
        #expect(try scene.judge("a u1 2 5", "b u1 5 15").isFeasible)
        #expect(try scene.judge("a u1 2 5", "b u1 4 14").rules == [.mixing])
        scene.victims[0] = victim("a", sex: .female)
        #expect(try scene.judge("a u1 2 5", "b u1 4 14").isFeasible)
    }

    @Test func mixingByFixedStaysIsForgivenAndNeverAddedTo() throws {
        var scene = Scene(
            staying("f", "a", "b", in: "u1", locked: true), request("r", "c"),
            victims: [victim("a", sex: .male), victim("b", sex: .female)])
        scene.units[0] = unit("u1", beds: StepFunction(constant: 4), mixing: .singleSex)
        #expect(try scene.judge("a u1 0 10", "b u1 0 10").isFeasible)
        #expect(try scene.judge("a u1 0 10", "b u1 0 10", "c u1 6 16").rules == [.mixing])
    }

    @Test func exclusiveForOneRequestAtATime() throws {
        var scene = Scene(request("r1", "a", stayDays: 3), request("r2", "b"))
        scene.units[0] = unit("u1", exclusive: true)
        #expect(try scene.judge("a u1 2 5", "b u1 5 15").isFeasible)
        #expect(try scene.judge("a u1 2 5", "b u1 4 14").rules == [.exclusive])
    }

    @Test func exclusiveBrokenByFixedStaysIsForgivenAndNeverAddedTo() throws {
        var scene = Scene(
            staying("f", "a", in: "u1", locked: true), staying("g", "b", in: "u1", locked: true), request("r", "c"))
        scene.units[0] = unit("u1", beds: StepFunction(constant: 4), exclusive: true)
        #expect(try scene.judge("a u1 0 10", "b u1 0 10").isFeasible)
        #expect(try scene.judge("a u1 0 10", "b u1 0 10", "c u1 6 16").rules == [.exclusive])
    }

    @Test func fixedWhereItIs() throws {
        var scene = Scene(staying("r", "a", in: "u1", locked: true))
        #expect(try scene.judge("a u1 0 10").isFeasible)
        #expect(try scene.judge("a u3 0 10").rules == [.fixed])
        #expect(try scene.judge("a u1 0 5", "a u3 5 10").rules == [.fixed])
        #expect(try scene.judge().rules == [.fixed])
        scene.requests = [committed("r", CommittedStay(victim: "a", unit: "u2", days: 9..<28))]
        #expect(try scene.judge("a u2 9 28").isFeasible)
        #expect(try scene.judge("a u2 9 27").rules == [.fixed])
        #expect(try scene.judge("a u1 9 28").rules == [.fixed])
    }

    @Test func fixedIsExemptFromWhatPeopleHaveDecided() throws {
        var scene = Scene(
            staying("f", "a", "b", in: "u1", locked: true),
            committed("g", CommittedStay(victim: "c", unit: "u2", days: 9..<12)),
            victims: ["a", "b", "c"].map {
                victim(
                    $0, needs: ["surgery"], security: 1...1, avoid: Avoidance(regions: ["north", "south"]),
                    investigation: Investigation(region: "west", maxTravelMinutes: 5))
            })
        scene.units[0] = unit("u1", accepts: Admission(sexes: []))
        scene.units[1] = unit("u2", "s2", accepts: Admission(sexes: []))
        #expect(try scene.judge("a u1 0 10", "b u1 0 10", "c u2 9 12").isFeasible)
    }

    @Test func fundingAsTheRuleOfPayersGives() throws {
        var scene = Scene(request("r", "a"))
        scene.funders = [Funder(id: "f", name: "F", accepts: FunderAcceptance(), window: 0..<8)]
        let instance = try scene.instance()
        var plan = try scene.plan(["a u1 2 12"], of: instance)
        let funded = FundingPeriod(victim: "a", funder: "f", from: 2, until: 8)
        let unfunded = FundingPeriod(victim: "a", funder: nil, from: 8, until: 12)
        #expect(plan.funding == [funded, unfunded])
        let wrong: [[FundingPeriod]] = [
            [], [funded], [funded, unfunded, unfunded], [FundingPeriod(victim: "a", funder: "f", from: 2, until: 12)],
            [
                FundingPeriod(victim: "a", funder: "f", from: 2, until: 5),
                FundingPeriod(victim: "a", funder: "f", from: 5, until: 8), unfunded,
            ],
        ]
        for funding in wrong {
            plan.funding = funding
            #expect(try verdict(on: plan, of: instance).rules == [.funding])
        }
        plan.funding = [unfunded, funded]
        #expect(try verdict(on: plan, of: instance).isFeasible)
    }

    @Test func objectiveAndBoundAsStated() throws {
        let scene = Scene(request("r", "a"))
        let instance = try scene.instance()
        var plan = try scene.plan(["a u1 2 12"], of: instance)
        let first = try verdict(on: plan, of: instance)
        let total = try #require(first.costs?.total)
        plan.objective = total
        plan.bound = total
        #expect(try verdict(on: plan, of: instance) == first)
        plan.objective = total + 1
        #expect(try verdict(on: plan, of: instance).rules == [.objective])
        plan.objective = nil
        plan.bound = total + 1
        #expect(try verdict(on: plan, of: instance).rules == [.bound])
    }

    @Test func everyRuleHasACodeOfItsOwnAndSaysItInBothLanguages() {
        let codes = allRules.map { rule in rule.code }
        #expect(codes == RuleCode.allCases)
        let sentences = allRules.map { rule in rule.sentence }
        #expect(Set(sentences.map(\.english)).count == allRules.count)
        #expect(Set(sentences.map { $0.in(.dutch) }).count == allRules.count)
        #expect(sentences.allSatisfy { $0.in(.english) != $0.in(.dutch) })
    }

    @Test func anInfeasiblePlanHasNoCosts() throws {
        let verdict = try Scene(request("r", "a"), request("q", "b")).judge("a u1 1 11")
        #expect(!verdict.isFeasible)
        #expect(verdict.costs == nil)
        #expect(verdict.placedRequests == 1)
        #expect(verdict.unplacedRequests == 1)
        #expect(verdict.violations.map(\.rule) == [.timing])
        #expect(String(decoding: verdict.json(), as: UTF8.self).contains(#""objective":null"#))
    }
}
