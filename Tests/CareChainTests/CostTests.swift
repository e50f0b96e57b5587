import CareChain
import TestSupport
import Testing

/// Each term of the objective on a case computed by hand.
@Suite struct CostTests {
    private func cost(_ term: CostTerm, _ verdict: Verdict) throws -> Int {
        try #require(verdict.costs)[term]
    }

    @Test(arguments: [(Urgency.crisis, 200_000), (.urgent, 80_000), (.planned, 24_000)])
    func unplacedPerVictimByUrgency(_ urgency: Urgency, points: Int) throws {
        let verdict = try Scene(request("r", "a", "b", urgency: urgency)).judge()
        #expect(try cost(.unplaced, verdict) == points)
        #expect(verdict.costs?.total == points)
    }

    @Test func unplacedWithACurrentPlaceCountsAsACrisis() throws {
        #expect(try cost(.unplaced, Scene(staying("r", "a", in: "u1")).judge()) == 100_000)
    }

    @Test(arguments: [(Urgency.crisis, 18_000), (.urgent, 1_800), (.planned, 180)])
    func waitPerVictimAndDay(_ urgency: Urgency, points: Int) throws {
        let scene = Scene(request("r", "a", "b", urgency: urgency))
        #expect(try cost(.wait, scene.judge("a u1 5 15", "b u1 5 15")) == points)
        #expect(try cost(.wait, scene.judge("a u1 2 12", "b u1 2 12")) == 0)
    }

    @Test func outOfRegionPerVictimAndLeg() throws {
        var scene = Scene(request("r", "a", "b", preferredRegion: "north"))
        #expect(try cost(.outOfRegion, scene.judge("a u2 2 12", "b u2 2 12")) == 800)
        #expect(try cost(.outOfRegion, scene.judge("a u2 2 7", "b u2 2 7", "a u1 7 12", "b u1 7 12")) == 800)
        #expect(try cost(.outOfRegion, scene.judge("a u1 2 12", "b u1 2 12")) == 0)
        scene.requests = [staying("r", "a", in: "u2", preferredRegion: "north")]
        #expect(try cost(.outOfRegion, scene.judge("a u2 0 10")) == 0)
        scene.requests = [staying("r", "a", in: "u1", preferredRegion: "north")]
        #expect(try cost(.outOfRegion, scene.judge("a u2 0 10")) == 400)
    }

    @Test func travelPerVictimLegAndMinute() throws {
        var scene = Scene(request("r", "a"), victims: [victim("a", investigation: Investigation(region: "north"))])
        #expect(try cost(.travel, scene.judge("a u2 2 12")) == 110)
        #expect(try cost(.travel, scene.judge("a u1 2 12")) == 0)
        #expect(try cost(.travel, scene.judge("a u1 2 7", "a u2 7 12")) == 110)
        scene.victims = [victim("a", investigation: Investigation(region: "west"))]
        #expect(try cost(.travel, scene.judge("a u1 2 12")) == 1200)
        scene.requests = [staying("r", "a", in: "u1")]
        #expect(try cost(.travel, scene.judge("a u1 0 10")) == 0)
        #expect(try cost(.travel, scene.judge("a u1 0 5", "a u2 5 10")) == 1200)
    }

    @Test func movePerVictim() throws {
        var scene = Scene(request("r", "a", "b"))
        #expect(try cost(.move, scene.judge("a u1 2 7", "b u1 2 7", "a u2 7 12", "b u2 7 12")) == 3000)
        scene.requests = [staying("r", "a", "b", in: "u1", together: .shelter)]
        #expect(try cost(.move, scene.judge("a u1 0 10", "b u3 0 10")) == 1500)
    }

    @Test func moveOfACommittedRequestCostsToo() throws {
        let scene = Scene(
            committed(
                "r", CommittedStay(victim: "a", unit: "u1", days: 3..<9),
                CommittedStay(victim: "a", unit: "u2", days: 9..<12)))
        #expect(try cost(.move, scene.judge("a u1 3 9", "a u2 9 12")) == 1500)
    }

    @Test func overstayPerDayThatTheUnitWouldNotAccept() throws {
        let phases = StepFunction([.init(from: 0, value: Phase.reflection), .init(from: 7, value: .permit)])
        var scene = Scene(request("r", "a"), victims: [victim("a", born: "2008-01-15", phases: phases)])
        scene.units[0] = unit("u1", accepts: Admission(sexes: [.female], phases: [.reflection]))
        #expect(try cost(.overstay, scene.judge("a u1 2 12")) == 5 * 40)
        // Eighteen on day 10.
        scene.units[0] = unit("u1", accepts: Admission(sexes: [.female], ages: AgeRange(min: nil, max: 17)))
        #expect(try cost(.overstay, scene.judge("a u1 2 12")) == 2 * 40)
    }

    @Test func overstayPastTheLongestLeg() throws {
        var scene = Scene(request("r", "a"))
        scene.units[0] = unit("u1", maxLegDays: 7)
        #expect(try cost(.overstay, scene.judge("a u1 2 12")) == 3 * 40)
        #expect(try cost(.overstay, scene.judge("a u1 2 9", "a u2 9 12")) == 0)
        scene.requests = [staying("r", "a", in: "u1", daysBefore: 5)]
        #expect(try cost(.overstay, scene.judge("a u1 0 10")) == 8 * 40)
        scene.limits = MoveLimits(maxMoves: 2, minLegDays: 5)
        #expect(try cost(.overstay, scene.judge("a u2 0 5", "a u1 5 10")) == 0)
        scene.requests = [staying("r", "a", in: "u1", daysBefore: 90, locked: true)]
        #expect(try cost(.overstay, scene.judge("a u1 0 10")) == 10 * 40)
    }

    @Test func overstayForTwoReasonsCostsOnce() throws {
        let phases = StepFunction([.init(from: 0, value: Phase.reflection), .init(from: 7, value: .permit)])
        var scene = Scene(request("r", "a"), victims: [victim("a", phases: phases)])
        scene.units[0] = unit("u1", accepts: Admission(sexes: [.female], phases: [.reflection]), maxLegDays: 4)
        #expect(try cost(.overstay, scene.judge("a u1 2 12")) == 6 * 40)
    }

    @Test func unfundedPerVictimAndDay() throws {
        var scene = Scene(request("r", "a", "b"))
        #expect(try cost(.unfunded, scene.judge("a u1 2 12", "b u1 2 12")) == 20 * 60)
        scene.funders = [Funder(id: "f", name: "F", accepts: FunderAcceptance(), window: 4..<8, maxDaysPerVictim: 3)]
        #expect(try cost(.unfunded, scene.judge("a u1 2 12", "b u1 2 12")) == 14 * 60)
    }

    @Test func overBudgetPerEuroRoundedUp() throws {
        var scene = Scene(request("r", "a"), staying("f", "b", in: "u3", locked: true))
        for (budget, points) in [(200_000, 0), (199_999, 1), (199_900, 1), (199_899, 2), (0, 2000)] {
            scene.funders = [
                Funder(id: "f", name: "F", accepts: FunderAcceptance(), window: 0..<99, budget: Cents(budget))
            ]
            #expect(try cost(.overBudget, scene.judge("a u1 2 12", "b u3 0 10")) == points)
        }
    }

    @Test func overSecurityPerLevelAndDay() throws {
        var scene = Scene(request("r", "a"), victims: [victim("a", security: 1...4)])
        #expect(try cost(.overSecurity, scene.judge("a u2 2 12")) == 10 * 2 * 3)
        scene.victims = [victim("a", security: 3...4)]
        #expect(try cost(.overSecurity, scene.judge("a u2 2 12")) == 0)
        scene.requests = [staying("r", "a", in: "u2", locked: true)]
        scene.victims = [victim("a", security: 1...4)]
        #expect(try cost(.overSecurity, scene.judge("a u2 0 10")) == 0)
    }

    @Test func scarcityPerVictimAndDay() throws {
        var scene = Scene(request("r", "a", "b"))
        scene.units[0] = unit("u1", scarcity: 7)
        #expect(try cost(.scarcity, scene.judge("a u1 2 12", "b u1 2 12")) == 140)
        scene.requests = [staying("r", "a", in: "u1", locked: true)]
        #expect(try cost(.scarcity, scene.judge("a u1 0 10")) == 0)
    }

    @Test func everyTermCountsInTheTotal() throws {
        var weights = Weights()
        weights.outOfRegion = 1000
        weights.move = 2
        weights.unfundedDay = 30
        var scene = Scene(request("r", "a", preferredRegion: "west"))
        scene.weights = weights
        let verdict = try scene.judge("a u1 3 8", "a u3 8 13")
        let costs = try #require(verdict.costs)
        // A day's wait, two legs out of region, a move, ten unfunded days, and one level too secure for ten days.
        #expect(costs.total == 300 + 2000 + 2 + 300 + 30)
    }
}
