import CareChain
import Planning
import TestSupport
import Testing

@Suite struct WhyThereTests {
    @Test func `What each request costs adds up to the objective, term by term`() throws {
        for n in 0..<60 {
            var tiny = TinyInstances(seed: UInt64(40_000 + n))
            let instance = try tiny.instance()
            let plan = try Planner(instance).plan()
            let terms = try #require(try verdict(on: plan, of: instance).costs)
            let explainer = try Explainer(plan, of: instance)
            var sum = Costs()
            for request in instance.requests {
                sum += Costs(try explainer.explanation(of: request.id).costs)
            }
            #expect(sum == terms, "instance \(n)")
        }
    }

    @Test func `A stay is told term by term`() throws {
        var scene = Scene(
            request("r", "a", from: 2, preferredRegion: "south"),
            victims: [victim("a", security: 1...4, investigation: Investigation(region: "south"))])
        scene.units = [unit("u1", maxLegDays: 4, scarcity: 7), unit("u3", beds: StepFunction(constant: 0))]
        let explanation = try explain(scene.explainer("a u1 3 13"), of: "r")
        #expect(explanation.standing == .placed)
        let told = explanation.costs.map { ["\($0.term)", "\($0.points)", "\($0.count)", $0.unit?.text ?? "-"] }
        #expect(
            Set(told) == [
                ["wait", "300", "1", "-"], ["outOfRegion", "400", "1", "u1"], ["travel", "110", "55", "u1"],
                ["overstay", "240", "6", "u1"], ["unfunded", "600", "10", "-"], ["overSecurity", "30", "10", "u1"],
                ["scarcity", "70", "10", "u1"],
            ])
        let horizon = try scene.instance().horizon
        #expect(
            Set(explanation.costs.map { $0.sentence(in: horizon).in(.dutch) }) == [
                "begint 1 dag later dan nodig", "u1 ligt buiten de voorkeursregio",
                "55 minuten van u1 naar het onderzoek",
                "6 dagen langer in u1 dan waarvoor die is bedoeld", "niemand betaalt voor 10 dagen",
                "10 dagen in u1 met meer beveiliging dan nodig", "10 dagen in u1, die schaars is",
            ])
    }

    @Test func `A passed budget is shared by those it pays for, to the last point`() throws {
        var scene = Scene(request("r", "a"), request("q", "b", stayDays: 5), staying("f", "c", in: "u3", locked: true))
        scene.funders = [
            Funder(id: "f1", name: "f1", accepts: FunderAcceptance(), window: 0..<100, budget: Cents(333))
        ]
        let explainer = try scene.explainer("a u1 2 12", "b u1 2 7", "c u3 0 10")
        let instance = try scene.instance()
        let terms = try #require(try verdict(on: explainer.plan, of: instance).costs)
        let shares = try instance.requests.map { try Costs(explainer.explanation(of: $0.id).costs)[.overBudget] }
        #expect(shares.reduce(0, +) == terms[.overBudget])
        #expect(shares == [998, 500, 999])
    }

    @Test func `Other ways cost what is told, with all others as they are`() throws {
        var tried = 0
        for n in 0..<250 {
            var tiny = TinyInstances(seed: UInt64(50_000 + n))
            let instance = try tiny.instance()
            let plan = try Planner(instance).plan()
            let before = try #require(try verdict(on: plan, of: instance).costs)
            let explainer = try Explainer(plan, of: instance)
            for request in instance.requests where !request.isFixed {
                let explanation = try explainer.explanation(of: request.id)
                for alternative in explanation.alternatives {
                    tried += 1
                    let other = plan.placing(request.id, in: alternative.stays, of: instance)
                    let after = try #require(try verdict(on: other, of: instance).costs, "instance \(n)")
                    #expect(alternative.difference == after - before, "instance \(n)")
                    #expect(alternative.extraCost == after.total - before.total)
                    // The plan is the best there is.
                    #expect(alternative.extraCost >= 0)
                    #expect(alternative.stays != explanation.stays)
                }
                #expect(explanation.alternatives.map(\.extraCost) == explanation.alternatives.map(\.extraCost).sorted())
            }
        }
        #expect(tried > 30)
    }

    @Test func `Of all other ways the cheapest is told`() throws {
        var tried = 0
        for n in 0..<60 {
            var tiny = TinyInstances(seed: UInt64(55_000 + n))
            let instance = try tiny.instance()
            let plan = try Planner(instance).plan()
            let objective = try #require(plan.objective)
            let explainer = try Explainer(plan, of: instance)
            let every = WaysToStay(instance)
            for request in instance.requests where !request.isFixed {
                func units(_ stays: [Stay]) -> [[UnitID]] {
                    request.victims.map { id in
                        stays.filter { $0.victim == id }.sorted { $0.from < $1.from }.map(\.unit)
                    }
                }
                let present = units(plan.stays.filter { $0.request == request.id })
                var least: Int?
                for way in every.ways(of: request) where units(way.stays) != present {
                    let other = plan.placing(request.id, in: way.stays, of: instance)
                    if let total = try verdict(on: other, of: instance).costs?.total {
                        least = min(least ?? total, total)
                    }
                }
                // Ways that are dearer than no place are not among them.
                guard let least else { continue }
                tried += 1
                let told = try explainer.explanation(of: request.id).alternatives.first?.extraCost
                #expect(told == least - objective, "instance \(n), \(request.id)")
            }
        }
        #expect(tried > 30)
    }

    @Test func `Of a fixed request it is told that the planner has no say, and what it costs`() throws {
        let agreed = CommittedStay(victim: "b", unit: "u1", days: 3..<9)
        let scene = Scene(staying("r", "a", in: "u1", locked: true), committed("q", agreed))
        let explainer = try scene.explainer("a u1 0 10", "b u1 3 9")
        let locked = try explain(explainer, of: "r")
        #expect(locked.standing == .locked)
        #expect(locked.costs.map(\.term) == [.unfunded])
        #expect(locked.alternatives.isEmpty && locked.reasons.isEmpty && locked.unlocking == nil)
        #expect(try explain(explainer, of: "q").standing == .committed)
        #expect(try explain(explainer, of: "q", in: "u2").unit?.obstacle == .fixed)
    }

    @Test func `What cannot be explained is refused with what is wrong`() throws {
        let scene = Scene(request("r", "a"))
        let instance = try scene.instance()
        let plan = try scene.plan(["a u1 2 12"], of: instance)
        let explainer = try Explainer(plan, of: instance)
        #expect(throws: ExplanationError.unknownRequest("x")) { try explain(explainer, of: "x") }
        #expect(throws: ExplanationError.unknownUnit("x")) { try explain(explainer, of: "r", in: "x") }
        #expect("\(ExplanationError.unknownRequest("x"))" == "the instance has no request \"x\"")

        func refusal(_ change: (inout Plan) -> Void) -> String? {
            var other = plan
            change(&other)
            do {
                _ = try Explainer(other, of: instance)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(try #require(refusal { $0.instance = "another" }).contains("the plan is for \"another\""))
        #expect(try #require(refusal { $0.stays = [] }).contains("the plan breaks funding, timing"))
    }
}

extension Plan {
    /// The plan with other stays of one request, of which it is not said what it costs.
    fileprivate func placing(_ request: RequestID, in stays: [Stay], of instance: Instance) -> Plan {
        var other = self
        other.stays = self.stays.filter { $0.request != request } + stays
        other.unplaced.removeAll { $0.request == request }
        other.funding = FundingRule.payments(of: other.stays, in: instance).periods
        other.objective = nil
        other.bound = nil
        return other
    }
}
