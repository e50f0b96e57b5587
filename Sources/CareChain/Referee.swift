/// Judges any plan, whoever made it, by the rules and costs of `problem.md`.
///
/// It shares the rules with the planner, each written once, but nothing of how the planner searches: it walks over
/// every victim and every day.
public struct Referee {
    private let instance: Instance
    private let plan: Plan
    /// The stays of each victim, in order of their first day.
    private var legs: [[Leg]]
    private let unplaced: Set<Int>
    private var violations: [Verdict.Violation] = []
    private var violationCount = 0
    private var rules: Set<RuleCode> = []
    private var costs = Costs()

    private struct Leg {
        let unit: Int
        let from: Int
        let until: Int

        /// The days within a horizon.
        func days(within horizon: Int) -> Range<Int> {
            let from = max(0, from)
            return from..<max(from, min(until, horizon))
        }
    }

    /// The verdict on a plan.
    ///
    /// - Throws: ``InvalidInput`` when the file is no plan of this instance in the sense of `problem.md`.
    public static func judge(_ plan: Plan, of instance: Instance) throws(InvalidInput) -> Verdict {
        var referee = try Referee(plan, of: instance)
        return referee.judge()
    }

    private init(_ plan: Plan, of instance: Instance) throws(InvalidInput) {
        self.plan = plan
        self.instance = instance
        guard plan.instance == instance.name else {
            throw InvalidInput(
                path: "instance", problem: "the plan is for \"\(plan.instance)\", the instance is \"\(instance.name)\"")
        }
        let days = instance.horizon.days
        legs = .init(repeating: [], count: instance.victims.count)
        for (n, stay) in plan.stays.enumerated() {
            guard let victim = instance.victimIndex[stay.victim] else {
                throw InvalidInput(
                    path: "stays[\(n)].victim", problem: "\"\(stay.victim)\" is no victim of the instance")
            }
            guard let unit = instance.unitIndex[stay.unit] else {
                throw InvalidInput(path: "stays[\(n)].unit", problem: "\"\(stay.unit)\" is no unit of the instance")
            }
            guard instance.requests[instance.requestOfVictim[victim]].id == stay.request else {
                throw InvalidInput(
                    path: "stays[\(n)].request", problem: "\"\(stay.victim)\" is not of request \"\(stay.request)\"")
            }
            for (key, day) in [("from", stay.from), ("until", stay.until)]
            where !(-days...2 * days).contains(day.number) {
                throw InvalidInput(
                    path: "stays[\(n)].\(key)", problem: "\(day) is not a whole number from \(-days) to \(2 * days)")
            }
            legs[victim].append(Leg(unit: unit, from: stay.from.number, until: stay.until.number))
        }
        for victim in legs.indices where legs[victim].count > 1 {
            // Stable, so that equal first days stay in the order of the file.
            legs[victim] = legs[victim].enumerated().sorted {
                ($0.element.from, $0.offset) < ($1.element.from, $1.offset)
            }.map(\.element)
        }
        var unplaced: Set<Int> = []
        for (n, entry) in plan.unplaced.enumerated() {
            guard let request = instance.requestIndex[entry.request] else {
                throw InvalidInput(
                    path: "unplaced[\(n)].request", problem: "\"\(entry.request)\" is no request of the instance")
            }
            guard unplaced.insert(request).inserted else {
                throw InvalidInput(path: "unplaced[\(n)].request", problem: "\"\(entry.request)\" is listed twice")
            }
        }
        self.unplaced = unplaced
    }

    private mutating func broken(_ rule: RuleCode, _ english: String, dutch: String) {
        violationCount += 1
        rules.insert(rule)
        if violations.count < 50 {
            violations.append(.init(rule: rule, detail: Sentence(english: english, dutch: dutch)))
        }
    }

    private mutating func judge() -> Verdict {
        for (place, request) in instance.requests.enumerated() {
            let victims = request.victims.compactMap { instance.victimIndex[$0] }
            let placed = victims.filter { !legs[$0].isEmpty }
            if unplaced.contains(place) {
                if !placed.isEmpty {
                    broken(
                        .timing, "request \(request.id) is both placed and unplaced",
                        dutch: "verzoek \(request.id) is zowel geplaatst als zonder plek")
                }
                if request.isFixed {
                    broken(
                        .fixed, "request \(request.id) is fixed and yet unplaced",
                        dutch: "verzoek \(request.id) ligt vast en is toch zonder plek")
                }
                costs[.unplaced] += UnplacedCost.cost(of: request, instance.weights)
            } else if placed.count != victims.count {
                broken(
                    .timing, "request \(request.id) is neither placed whole nor listed as unplaced",
                    dutch:
                        "verzoek \(request.id) is niet in zijn geheel geplaatst, en staat niet bij wie zonder plek is")
            } else {
                judge(request, victims)
            }
        }
        judgeShared()
        judgeFunding()
        let total = costs.total
        if violationCount == 0 {
            if let objective = plan.objective, objective != total {
                broken(
                    .objective, "the plan states \(objective), it is \(total)",
                    dutch: "het plan zegt \(objective), het is \(total)")
            }
            if let bound = plan.bound, bound > total {
                broken(
                    .bound, "the bound \(bound) is above the objective \(total)",
                    dutch: "de grens \(bound) ligt boven de doelwaarde \(total)")
            }
        }
        return Verdict(
            rules: rules.sorted(), violations: violations, violationCount: violationCount,
            costs: violationCount == 0 ? costs : nil, placedRequests: instance.requests.count - unplaced.count,
            unplacedRequests: unplaced.count)
    }

    // MARK: One request

    private mutating func judge(_ request: Request, _ victims: [Int]) {
        let days = instance.horizon.days
        let start = victims.map { legs[$0][0].from }.min() ?? 0
        let end = request.end(startingOn: Day(start), horizonDays: days).number
        if request.committed != nil {
            let given = Set(victims.flatMap { victim in legs[victim].map { stay(request, victim, $0) } })
            let count = victims.reduce(0) { $0 + legs[$1].count }
            let agreed = FixedRule.stays(of: request, in: instance) ?? []
            if given != Set(agreed) || count != agreed.count {
                broken(
                    .fixed, "request \(request.id) differs from what is committed",
                    dutch: "verzoek \(request.id) wijkt af van wat is toegezegd")
            }
        } else {
            judgeTiming(request, victims, start, end)
        }
        judgeMoves(request, victims)
        costs[.wait] += WaitCost.cost(of: request, startingOn: Day(start), instance.weights)
        for (n, victim) in victims.enumerated() {
            let current = request.current?[n]
            let currentUnit = current.flatMap { instance.unitIndex[$0.unit] }
            if request.isFixed, let currentUnit, legs[victim].count != 1 || legs[victim][0].unit != currentUnit {
                broken(
                    .fixed, "victim \(instance.victims[victim].id) leaves the unit it is locked in",
                    dutch: "slachtoffer \(instance.victims[victim].id) verlaat de afdeling waar het moet blijven")
            }
            let statuses = instance.victims[victim].statuses(over: instance.horizon)
            for (m, leg) in legs[victim].enumerated() {
                let staysPut = m == 0 && currentUnit == leg.unit
                judge(
                    leg, of: victim, request, victims, statuses, staysPut: staysPut,
                    daysBefore: staysPut ? current?.days ?? 0 : 0)
            }
        }
        if request.isFixed { return }
        for day in max(start, 0)..<max(max(start, 0), min(end, days)) {
            let units = victims.compactMap { unit(of: $0, on: day) }
            if !TogetherRule.allows(request, in: units, of: instance) {
                broken(
                    .together, "request \(request.id): apart on day \(day)",
                    dutch: "verzoek \(request.id): niet bij elkaar op dag \(day)")
                break
            }
        }
    }

    private func stay(_ request: Request, _ victim: Int, _ leg: Leg) -> Stay {
        Stay(
            request: request.id, victim: instance.victims[victim].id, unit: instance.units[leg.unit].id,
            from: Day(leg.from), until: Day(leg.until))
    }

    /// Where a victim is on a day: its first stay that has the day.
    private func unit(of victim: Int, on day: Int) -> Int? {
        legs[victim].first { $0.from <= day && day < $0.until }?.unit
    }

    private mutating func judgeTiming(_ request: Request, _ victims: [Int], _ start: Int, _ end: Int) {
        if Set(victims.map { legs[$0][0].from }).count != 1 {
            broken(
                .timing, "request \(request.id): victims start on different days",
                dutch: "verzoek \(request.id): slachtoffers beginnen op verschillende dagen")
        }
        let starts = TimingRule.starts(of: request)
        if !starts.contains(Day(start)) || !(request.neededFrom...request.latestStart).contains(Day(start)) {
            broken(
                .timing, "request \(request.id): starts on day \(start)",
                dutch: "verzoek \(request.id): begint op dag \(start)")
        }
        for victim in victims {
            let id = instance.victims[victim].id
            for leg in legs[victim] where leg.from >= leg.until {
                broken(
                    .timing, "victim \(id): empty stay on day \(leg.from)",
                    dutch: "slachtoffer \(id): leeg verblijf op dag \(leg.from)")
            }
            for (one, two) in zip(legs[victim], legs[victim].dropFirst()) where one.until != two.from {
                broken(
                    .timing, "victim \(id): gap or overlap at day \(one.until)",
                    dutch: "slachtoffer \(id): gat of overlap bij dag \(one.until)")
            }
            if let last = legs[victim].last, last.until != end {
                broken(
                    .timing, "victim \(id): ends on day \(last.until), not \(end)",
                    dutch: "slachtoffer \(id): eindigt op dag \(last.until), niet \(end)")
            }
        }
        if Set(victims.map { legs[$0].dropFirst().map(\.from) }).count != 1 {
            broken(
                .timing, "request \(request.id): victims move on different days",
                dutch: "verzoek \(request.id): slachtoffers verhuizen op verschillende dagen")
        }
    }

    private mutating func judgeMoves(_ request: Request, _ victims: [Int]) {
        let limits = instance.moveLimits
        for (n, victim) in victims.enumerated() {
            let id = instance.victims[victim].id
            let current = request.current?[n]
            let currentUnit = current.flatMap { instance.unitIndex[$0.unit] }
            var days = legs[victim].dropFirst().map(\.from)
            if let currentUnit, legs[victim][0].unit != currentUnit { days.insert(0, at: 0) }
            costs[.move] += MoveCost.cost(moves: days.count, instance.weights)
            if request.isFixed { continue }
            if !LegsRule.allows(moves: days.count, after: current?.movesMade ?? 0, limits) {
                broken(
                    .legs, "victim \(id): \(days.count + (current?.movesMade ?? 0)) moves",
                    dutch: "slachtoffer \(id): \(days.count + (current?.movesMade ?? 0)) verhuizingen")
            }
            if days.contains(where: { !HoldRule.allowsMove(of: request, on: Day($0)) }) {
                broken(
                    .hold, "victim \(id): moves before day \(request.noMoveBefore)",
                    dutch: "slachtoffer \(id): verhuist vóór dag \(request.noMoveBefore)")
            }
            for (m, (one, two)) in zip(legs[victim], legs[victim].dropFirst()).enumerated() {
                if one.unit == two.unit {
                    broken(
                        .legs, "victim \(id): two legs in a row in unit \(instance.units[one.unit].id)",
                        dutch: "slachtoffer \(id): twee verblijven na elkaar in afdeling \(instance.units[one.unit].id)"
                    )
                }
                let staysPut = m == 0 && currentUnit == one.unit
                if !LegsRule.allows(legOf: one.until - one.from, staysPut: staysPut, limits) {
                    broken(
                        .legs, "victim \(id): leg of \(one.until - one.from) days from day \(one.from)",
                        dutch: "slachtoffer \(id): verblijf van \(one.until - one.from) dagen vanaf dag \(one.from)")
                }
            }
        }
    }

    private mutating func judge(
        _ leg: Leg, of place: Int, _ request: Request, _ victims: [Int], _ statuses: [VictimStatus], staysPut: Bool,
        daysBefore: Int
    ) {
        let victim = instance.victims[place]
        let unit = instance.units[leg.unit]
        let shelter = instance.shelter(ofUnit: leg.unit)
        let days = leg.days(within: instance.horizon.days)
        let minutes = victim.investigation.flatMap { instance.minutes(fromUnit: leg.unit, to: $0) }
        if !request.isFixed {
            let name = "victim \(victim.id) in unit \(unit.id) from day \(leg.from)"
            let naam = "slachtoffer \(victim.id) in afdeling \(unit.id) vanaf dag \(leg.from)"
            if !staysPut {
                let day = Day(leg.from)
                // Before day 0 no phase is known, so a unit that asks for one accepts nobody.
                let isAccepted =
                    (day >= 0 || unit.accepts.phases == nil)
                    && AdmissionRule.accepts(
                        age: victim.age(on: day, of: instance.horizon), phase: victim.phases[day], in: unit)
                if !AdmissionRule.accepts(victim.sex, in: unit) || !isAccepted {
                    broken(.admission, name, dutch: naam)
                }
                let size = victims.count { self.unit(of: $0, on: leg.from) == leg.unit }
                if !AdmissionRule.acceptsGroup(of: size, in: unit) {
                    broken(.admission, "\(name): a group of \(size)", dutch: "\(naam): een groep van \(size)")
                }
            }
            let missing = ServicesRule.missing(for: victim, in: unit, of: shelter)
            if !missing.isEmpty {
                let list = missing.sorted().joined(separator: ", ")
                broken(.services, "\(name): no \(list)", dutch: "\(naam): geen \(list)")
            }
            if !SecurityRule.allows(victim, in: shelter) {
                broken(
                    .security, "\(name): level \(shelter.security)", dutch: "\(naam): niveau \(shelter.security)")
            }
            if !AvoidRule.allows(victim, in: shelter) { broken(.avoid, name, dutch: naam) }
            if let investigation = victim.investigation, !InvestigationRule.allows(investigation, minutes: minutes) {
                broken(
                    .investigation, "\(name): \(minutes.map { "\($0) minutes" } ?? "cannot be reached")",
                    dutch: "\(naam): \(minutes.map { "\($0) minuten" } ?? "niet te bereiken")")
            }
        }
        let paid = LegCost.Leg(
            victim: place, unit: leg.unit, start: Day(leg.from), days: Day(days.lowerBound)..<Day(days.upperBound),
            daysBefore: staysPut ? daysBefore : nil)
        LegCost.forEachTerm(of: paid, request, statuses: statuses, in: instance) { term, points, _ in
            costs[term] += points
        }
    }

    // MARK: What requests share

    /// Who is in a unit on one day.
    private struct Present {
        var victims = 0
        var fixedVictims = 0
        var requests: Set<Int> = []
        var fixedRequests: Set<Int> = []
        var sexes: Set<Sex> = []
        var others = false
    }

    private mutating func judgeShared() {
        let days = instance.horizon.days
        var stays: [[(victim: Int, days: Range<Int>)]] = .init(repeating: [], count: instance.units.count)
        for victim in legs.indices {
            for leg in legs[victim] {
                if leg.from < 0 || leg.until > days {
                    broken(
                        .timing, "victim \(instance.victims[victim].id): stay outside the horizon",
                        dutch: "slachtoffer \(instance.victims[victim].id): verblijf buiten de horizon")
                }
                stays[leg.unit].append((victim, leg.days(within: days)))
            }
        }
        for (place, unit) in instance.units.enumerated() where !stays[place].isEmpty {
            var present = [Present](repeating: Present(), count: days)
            for (victim, range) in stays[place] {
                let request = instance.requestOfVictim[victim]
                let isFixed = instance.requests[request].isFixed
                for day in range {
                    present[day].victims += 1
                    if isFixed { present[day].fixedVictims += 1 } else { present[day].others = true }
                    if unit.countBy == .request || unit.exclusive {
                        present[day].requests.insert(request)
                        if isFixed { present[day].fixedRequests.insert(request) }
                    }
                    if unit.mixing == .singleSex { present[day].sexes.insert(instance.victims[victim].sex) }
                }
            }
            for (day, there) in present.enumerated() where there.victims > 0 {
                judge(there, in: unit, on: day)
            }
        }
        judgeContacts()
    }

    private mutating func judge(_ there: Present, in unit: Unit, on day: Int) {
        let beds = unit.beds[Day(day)]
        let load = CapacityRule.load(victims: there.victims, requests: there.requests.count, in: unit)
        let fixed = CapacityRule.load(victims: there.fixedVictims, requests: there.fixedRequests.count, in: unit)
        if !CapacityRule.allows(load: load, fixed: fixed, others: there.others, beds: beds) {
            broken(
                .capacity, "unit \(unit.id) on day \(day): \(load) for \(beds) beds",
                dutch: "afdeling \(unit.id) op dag \(day): \(load) voor \(beds) plekken")
        }
        if !MixingRule.allows(there.sexes, others: there.others, in: unit) {
            broken(.mixing, "unit \(unit.id) on day \(day)", dutch: "afdeling \(unit.id) op dag \(day)")
        }
        if !ExclusiveRule.allows(requests: there.requests.count, others: there.others, in: unit) {
            broken(.exclusive, "unit \(unit.id) on day \(day)", dutch: "afdeling \(unit.id) op dag \(day)")
        }
    }

    private mutating func judgeContacts() {
        for pair in instance.noContact where NoContactRule.binds(pair, in: instance) {
            guard let a = instance.victimIndex[pair.a], let b = instance.victimIndex[pair.b] else { continue }
            // Of overlapping stays the last counts, as each day has one place.
            let whereabouts = [a, b].map { victim in
                var units = [Int](repeating: -1, count: instance.horizon.days)
                for leg in legs[victim] {
                    for day in leg.days(within: instance.horizon.days) { units[day] = leg.unit }
                }
                return units
            }
            for (day, (one, other)) in zip(whereabouts[0], whereabouts[1]).enumerated()
            where one >= 0 && other >= 0 && NoContactRule.meet(in: one, and: other, scope: pair.scope, of: instance) {
                broken(
                    .noContact, "victims \(pair.a) and \(pair.b) on day \(day)",
                    dutch: "slachtoffers \(pair.a) en \(pair.b) op dag \(day)")
                break
            }
        }
    }

    // MARK: Funding

    private mutating func judgeFunding() {
        let payments = FundingRule.payments(of: plan.stays, in: instance)
        costs[.unfunded] += UnfundedCost.cost(days: payments.unfundedDays, instance.weights)
        for (place, funder) in instance.funders.enumerated() {
            if let budget = funder.budget {
                costs[.overBudget] += OverBudgetCost.cost(
                    spent: payments.spent[place], budget: budget, instance.weights)
            }
        }
        let given = Set(plan.funding)
        if given.count != plan.funding.count || given != Set(payments.periods) {
            let victims = Set(given.symmetricDifference(payments.periods).map(\.victim)).sorted().prefix(3)
                .map(\.text).joined(separator: ", ")
            broken(
                .funding,
                "funding differs from the rule of payers, for victims \(victims)",
                dutch: "de bekostiging wijkt af van de regel van de betalers, voor slachtoffers \(victims)")
        }
    }
}
