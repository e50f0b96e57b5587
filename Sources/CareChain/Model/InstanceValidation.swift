/// What makes an instance valid (`problem.md`, "An instance is valid when all of this holds").
enum InstanceValidation {
    static let billion = 1_000_000_000
    static let greatestBudget = 10_000_000_000_000

    static func check(_ instance: Instance) throws(InvalidInput) {
        try check(instance.horizon, instance.moveLimits)
        for (n, shelter) in instance.shelters.enumerated() {
            try whole(shelter.security, "shelters[\(n)].security", 1...4)
        }
        for (n, unit) in instance.units.enumerated() { try check(unit, "units[\(n)]") }
        for (n, funder) in instance.funders.enumerated() { try check(funder, "funders[\(n)]", instance) }
        for (n, victim) in instance.victims.enumerated() { try check(victim, "victims[\(n)]", instance) }
        for (n, request) in instance.requests.enumerated() { try check(request, "requests[\(n)]", instance) }
        for (n, pair) in instance.noContact.enumerated() {
            _ = try resolve(pair.a, in: instance.victimIndex, "victim", "noContact[\(n)].a")
            _ = try resolve(pair.b, in: instance.victimIndex, "victim", "noContact[\(n)].b")
            if pair.a == pair.b {
                throw InvalidInput(path: "noContact[\(n)].b", problem: "\"\(pair.b)\" is the same victim as a")
            }
        }
        try check(instance.weights)
    }

    private static func check(_ horizon: Horizon, _ limits: MoveLimits) throws(InvalidInput) {
        try whole(horizon.days, "horizon.days", 1...3660)
        if horizon.start.year >= 9988 {
            throw InvalidInput(path: "horizon.start", problem: "\(horizon.start) is too late, the last year is 9987")
        }
        try whole(limits.maxMoves, "rules.maxMoves", 0...2)
        try whole(limits.minLegDays, "rules.minLegDays", 1...3660)
    }

    private static func check(_ unit: Unit, _ path: String) throws(InvalidInput) {
        try steps(unit.beds, "\(path).beds")
        for (n, step) in unit.beds.steps.enumerated() { try whole(step.value, "\(path).beds[\(n)].count") }
        try check(unit.accepts.ages, "\(path).accepts")
        try whole(unit.minGroup, "\(path).minGroup", 1...billion)
        if let maxGroup = unit.maxGroup {
            try whole(maxGroup, "\(path).maxGroup", 0...billion)
            if maxGroup < unit.minGroup {
                throw InvalidInput(
                    path: "\(path).maxGroup", problem: "\(maxGroup) is less than minGroup \(unit.minGroup)")
            }
        }
        if let maxLegDays = unit.maxLegDays { try whole(maxLegDays, "\(path).maxLegDays", 1...billion) }
        try whole(unit.dailyCost.amount, "\(path).dailyCostCents")
        try whole(unit.scarcity, "\(path).scarcity")
    }

    private static func check(_ funder: Funder, _ path: String, _ instance: Instance) throws(InvalidInput) {
        try check(funder.accepts.ages, "\(path).accepts")
        for (n, region) in (funder.accepts.registeredIn ?? []).enumerated() {
            _ = try resolve(region, in: instance.regionIndex, "region", "\(path).accepts.registeredIn[\(n)]")
        }
        for (n, region) in (funder.accepts.shelterRegions ?? []).enumerated() {
            _ = try resolve(region, in: instance.regionIndex, "region", "\(path).accepts.shelterRegions[\(n)]")
        }
        try whole(funder.window.lowerBound.number, "\(path).window.from")
        try whole(funder.window.upperBound.number, "\(path).window.until")
        if let days = funder.maxDaysPerVictim { try whole(days, "\(path).maxDaysPerVictim") }
        if let budget = funder.budget { try whole(budget.amount, "\(path).budgetCents", 0...greatestBudget) }
    }

    private static func check(_ victim: Victim, _ path: String, _ instance: Instance) throws(InvalidInput) {
        try steps(victim.phases, "\(path).phases")
        if let region = victim.registeredIn {
            _ = try resolve(region, in: instance.regionIndex, "region", "\(path).registeredIn")
        }
        try whole(victim.security.lowerBound, "\(path).security.min", 1...4)
        try whole(victim.security.upperBound, "\(path).security.max", 1...4)
        for (n, region) in victim.avoid.regions.enumerated() {
            _ = try resolve(region, in: instance.regionIndex, "region", "\(path).avoid.regions[\(n)]")
        }
        for (n, shelter) in victim.avoid.shelters.enumerated() {
            _ = try resolve(shelter, in: instance.shelterIndex, "shelter", "\(path).avoid.shelters[\(n)]")
        }
        if let investigation = victim.investigation {
            _ = try resolve(investigation.region, in: instance.regionIndex, "region", "\(path).investigation.region")
            if let minutes = investigation.maxTravelMinutes {
                try whole(minutes, "\(path).investigation.maxTravelMinutes")
            }
        }
        for paid in victim.paidDays {
            _ = try resolve(paid.funder, in: instance.funderIndex, "funder", "\(path).paidDays")
            try whole(paid.days, "\(path).paidDays.\(paid.funder)")
        }
    }

    private static func check(_ request: Request, _ path: String, _ instance: Instance) throws(InvalidInput) {
        try whole(request.knownFrom.number, "\(path).knownFrom")
        try whole(request.neededFrom.number, "\(path).neededFrom")
        try whole(request.latestStart.number, "\(path).latestStart")
        try whole(request.stayDays, "\(path).stayDays", 1...billion)
        if request.neededFrom < request.knownFrom {
            throw InvalidInput(
                path: "\(path).neededFrom", problem: "\(request.neededFrom) is before knownFrom \(request.knownFrom)")
        }
        if request.latestStart < request.neededFrom {
            throw InvalidInput(
                path: "\(path).latestStart",
                problem: "\(request.latestStart) is before neededFrom \(request.neededFrom)")
        }
        if request.latestStart.number >= instance.horizon.days {
            throw InvalidInput(
                path: "\(path).latestStart",
                problem: "\(request.latestStart) is not within the horizon of \(instance.horizon.days) days")
        }
        if let region = request.preferredRegion {
            _ = try resolve(region, in: instance.regionIndex, "region", "\(path).preferredRegion")
        }
        if request.locked, request.current == nil {
            throw InvalidInput(path: "\(path).locked", problem: "true, but there is no current")
        }
        try whole(request.noMoveBefore.number, "\(path).noMoveBefore")
        if request.noMoveBefore != 0, request.current == nil {
            throw InvalidInput(
                path: "\(path).noMoveBefore", problem: "\(request.noMoveBefore), but there is no current")
        }
        if let current = request.current {
            if request.committed != nil {
                throw InvalidInput(path: "\(path).committed", problem: "given together with current; only one may be")
            }
            try check(current, of: request, "\(path).current", instance)
        }
        if let committed = request.committed { try check(committed, of: request, "\(path).committed", instance) }
    }

    private static func check(
        _ current: [CurrentStay], of request: Request, _ path: String, _ instance: Instance
    ) throws(InvalidInput) {
        if request.neededFrom != 0 {
            throw InvalidInput(
                path: "\(path.dropLast(".current".count)).neededFrom",
                problem: "\(request.neededFrom), but with current it must be 0")
        }
        try same(current.map(\.victim), as: request.victims, path)
        for stay in current {
            _ = try resolve(stay.unit, in: instance.unitIndex, "unit", "\(path).\(stay.victim).unit")
            try whole(stay.days, "\(path).\(stay.victim).days")
            try whole(stay.movesMade, "\(path).\(stay.victim).movesMade")
        }
    }

    private static func check(
        _ committed: [CommittedStay], of request: Request, _ path: String, _ instance: Instance
    ) throws(InvalidInput) {
        for (n, stay) in committed.enumerated() {
            _ = try resolve(stay.unit, in: instance.unitIndex, "unit", "\(path)[\(n)].unit")
            try whole(stay.days.lowerBound.number, "\(path)[\(n)].from")
            if stay.days.isEmpty || stay.days.upperBound.number > instance.horizon.days {
                throw InvalidInput(
                    path: "\(path)[\(n)].until",
                    problem: "\(stay.days.upperBound) is not after from and within the horizon of "
                        + "\(instance.horizon.days) days")
            }
        }
        let legs = Dictionary(grouping: committed, by: \.victim)
        try same(Array(legs.keys), as: request.victims, path)
        var pattern: [Day]?
        for victim in request.victims {
            let stays = (legs[victim] ?? []).sorted { $0.days.lowerBound < $1.days.lowerBound }
            for (one, two) in zip(stays, stays.dropFirst()) {
                if one.days.upperBound != two.days.lowerBound {
                    throw InvalidInput(
                        path: path, problem: "a gap or overlap of \"\(victim)\" at day \(one.days.upperBound)")
                }
                if one.unit == two.unit {
                    throw InvalidInput(
                        path: path, problem: "two legs in a row of \"\(victim)\" in unit \"\(one.unit)\"")
                }
                if one.days.count < instance.moveLimits.minLegDays {
                    throw InvalidInput(
                        path: path,
                        problem: "a leg of \(one.days.count) days of \"\(victim)\", the least is "
                            + "\(instance.moveLimits.minLegDays)")
                }
            }
            if stays.count - 1 > instance.moveLimits.maxMoves {
                throw InvalidInput(
                    path: path,
                    problem: "\(stays.count - 1) moves of \"\(victim)\", the most is \(instance.moveLimits.maxMoves)")
            }
            let days = stays.map(\.days.lowerBound) + stays.suffix(1).map(\.days.upperBound)
            if let pattern, pattern != days {
                throw InvalidInput(path: path, problem: "the victims start, move or end on different days")
            }
            pattern = days
        }
    }

    /// Checks that stays cover a request's victims, each of them and nobody else.
    private static func same(
        _ given: [VictimID], as victims: [VictimID], _ path: String
    ) throws(InvalidInput) {
        let strangers = Set(given).symmetricDifference(victims).sorted()
        if !strangers.isEmpty || given.count != victims.count {
            let names = strangers.map { "\"\($0)\"" }.joined(separator: ", ")
            throw InvalidInput(path: path, problem: "does not cover exactly the request's victims: \(names)")
        }
    }

    private static func check(_ weights: Weights) throws(InvalidInput) {
        for urgency in Urgency.allCases {
            try whole(weights.unplaced[urgency], "weights.unplaced.\(urgency.rawValue)")
            try whole(weights.waitDay[urgency], "weights.waitDay.\(urgency.rawValue)")
        }
        try whole(weights.outOfRegion, "weights.outOfRegion")
        try whole(weights.travelMinute, "weights.travelMinute")
        try whole(weights.move, "weights.move")
        try whole(weights.overstayDay, "weights.overstayDay")
        try whole(weights.unfundedDay, "weights.unfundedDay")
        try whole(weights.overBudgetEuro, "weights.overBudgetEuro")
        try whole(weights.overSecurityDay, "weights.overSecurityDay")
    }

    private static func check(_ ages: AgeRange, _ path: String) throws(InvalidInput) {
        if let min = ages.min { try whole(min, "\(path).minAge", 0...150) }
        if let max = ages.max {
            try whole(max, "\(path).maxAge", 0...150)
            if let min = ages.min, max < min {
                throw InvalidInput(path: "\(path).maxAge", problem: "\(max) is less than minAge \(min)")
            }
        }
    }

    private static func steps<Value>(_ function: StepFunction<Value>, _ path: String) throws(InvalidInput) {
        guard let first = function.steps.first else {
            throw InvalidInput(path: path, problem: "empty; at least one entry is needed")
        }
        if first.from != 0 {
            throw InvalidInput(path: "\(path)[0].from", problem: "\(first.from), the first entry must be from 0")
        }
        for n in function.steps.indices.dropFirst() {
            let (before, step) = (function.steps[n - 1], function.steps[n])
            try whole(step.from.number, "\(path)[\(n)].from")
            if step.from <= before.from {
                throw InvalidInput(
                    path: "\(path)[\(n)].from", problem: "\(step.from) is not after the entry before, \(before.from)")
            }
        }
    }

    static func index<Item, Subject>(
        _ items: [Item], _ path: String, _ id: KeyPath<Item, ID<Subject>>
    ) throws(InvalidInput) -> [ID<Subject>: Int] {
        var index: [ID<Subject>: Int] = [:]
        index.reserveCapacity(items.count)
        for (n, item) in items.enumerated() {
            let id = item[keyPath: id]
            if id.text.isEmpty {
                throw InvalidInput(path: "\(path)[\(n)].id", problem: "empty; an id has at least one character")
            }
            if let first = index.updateValue(n, forKey: id) {
                throw InvalidInput(
                    path: "\(path)[\(n)].id", problem: "\"\(id)\" is the id of \(path)[\(first)] already")
            }
        }
        return index
    }

    static func resolve<Subject>(
        _ id: ID<Subject>, in index: [ID<Subject>: Int], _ kind: String, _ path: String
    ) throws(InvalidInput) -> Int {
        guard let place = index[id] else {
            throw InvalidInput(path: path, problem: "\"\(id)\" is no \(kind) of this instance")
        }
        return place
    }

    static func owners(
        of victims: [Victim], _ index: [VictimID: Int], in requests: [Request]
    ) throws(InvalidInput) -> [Int] {
        var owners = [Int](repeating: -1, count: victims.count)
        for (n, request) in requests.enumerated() {
            if request.victims.isEmpty {
                throw InvalidInput(path: "requests[\(n)].victims", problem: "empty; a request has at least one victim")
            }
            for (m, id) in request.victims.enumerated() {
                let path = "requests[\(n)].victims[\(m)]"
                let victim = try resolve(id, in: index, "victim", path)
                if owners[victim] >= 0 {
                    throw InvalidInput(path: path, problem: "\"\(id)\" is in requests[\(owners[victim])] already")
                }
                owners[victim] = n
            }
        }
        if let stray = owners.firstIndex(of: -1) {
            throw InvalidInput(path: "victims[\(stray)]", problem: "\"\(victims[stray].id)\" is in no request")
        }
        return owners
    }

    static func whole(
        _ value: Int, _ path: String, _ range: ClosedRange<Int> = 0...billion
    ) throws(InvalidInput) {
        if !range.contains(value) {
            throw InvalidInput(
                path: path, problem: "\(value) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
