import CareChain

/// The trajectories known so far, and the rows over them: at most one trajectory per request, and what requests share.
///
/// A trajectory's cost is what it saves against leaving its request unplaced, so that "unplaced" needs no column. Rows
/// of what is shared are added only when a solution breaks them: of 15,000 rows of a national plan some 1,200 ever bind.
struct MasterProblem {
    let situation: Situation
    let requests: [OpenRequest]
    let shared: SharedResources
    private(set) var trajectories: [Trajectory] = []
    /// What each trajectory uses of the shared resources.
    private(set) var uses: [[SharedResources.Use]] = []
    /// Where each trajectory is in a single-sex unit.
    private(set) var mixes: [[Mix]] = []
    /// The place of each.
    private var known: [Key: Int] = [:]

    /// The days of each resource that have a row, in order.
    private(set) var days: [[Int]]
    /// The unit-days of single-sex units that have rows, in order of their addition, and whose claims to them have one.
    private(set) var mixedDays: [UnitDay] = []
    private(set) var claims: [UnitDay: [Claim]] = [:]
    let budgetedFunders: [Int]

    /// The victims of a request who are in a single-sex unit from one day until another.
    struct Mix {
        let unit: Int
        let from: Int
        let until: Int
        let sex: Sex
    }

    struct UnitDay: Hashable, Comparable {
        let unit: Int
        let day: Int

        static func < (a: Self, b: Self) -> Bool { (a.unit, a.day) < (b.unit, b.day) }
    }

    /// A request with victims of a sex.
    struct Claim: Hashable, Comparable {
        let request: Int
        let sex: Sex

        static func < (a: Self, b: Self) -> Bool { (a.request, a.sex.place) < (b.request, b.sex.place) }
    }

    /// What makes two trajectories the same.
    struct Key: Hashable {
        let request: Int
        let legs: [Trajectory.Leg]

        init(_ trajectory: Trajectory) {
            request = trajectory.request
            legs = trajectory.legs
        }
    }

    /// The problem over all units in which a trajectory can be: however many others there are, they have no rows.
    init(_ situation: Situation, _ requests: [OpenRequest]) {
        self.situation = situation
        self.requests = requests
        shared = SharedResources(situation, requests)
        days = .init(repeating: [], count: shared.count)
        let units = situation.unitsWithRoom
        let step = max(1, (units.count * situation.days + Self.firstRows - 1) / Self.firstRows)
        for unit in units { days[unit] = Array(stride(from: 0, to: situation.days, by: step)) }
        budgetedFunders = situation.instance.funders.indices.filter { situation.instance.funders[$0].budget != nil }
    }

    /// What fixed requests leave of a funder's budget, in euros; negative when they exceed it.
    func eurosLeft(_ funder: Int) -> Double {
        let budget = situation.instance.funders[funder].budget ?? 0
        return Double(budget.amount - situation.spentByFixed[funder]) / 100
    }

    /// Adds trajectories that are not known yet; tells how many were new.
    mutating func add(_ found: [Trajectory]) -> Int {
        var added = 0
        for trajectory in found {
            let place = known[Key(trajectory), default: trajectories.count]
            if place < trajectories.count { continue }
            known[Key(trajectory)] = place
            let request = requests[trajectory.request]
            trajectories.append(trajectory)
            uses.append(shared.uses(of: trajectory, request))
            mixes.append(mixes(of: trajectory, request))
            added += 1
        }
        return added
    }

    /// Where a trajectory is in a single-sex unit.
    func mixes(of trajectory: Trajectory, _ request: OpenRequest) -> [Mix] {
        trajectory.legs.enumerated().flatMap { n, leg in
            request.lodging(of: leg, at: n).parts.filter {
                situation.instance.units[$0.unit].mixing == .singleSex
            }.map { Mix(unit: $0.unit, from: leg.from, until: leg.until, sex: $0.sex) }
        }
    }

    /// The place of a trajectory; nil where it is not known.
    func place(of trajectory: Trajectory) -> Int? { known[Key(trajectory)] }

    // MARK: Rows

    /// What is left of what is shared, told by what is taken of it in any case; without anything, all there is.
    struct Room {
        /// What is used, by resource and day.
        fileprivate(set) var used: [Int: [Int]] = [:]
        /// What is spent, by funder.
        fileprivate(set) var euros: [Int: Double] = [:]
    }

    /// What some trajectories leave.
    func room(beside others: [Int]) -> Room {
        var room = Room()
        for t in others {
            for use in uses[t] {
                room.used[use.resource, default: .init(repeating: 0, count: situation.days + 1)][use.from] += use.amount
                room.used[use.resource]?[use.until] -= use.amount
            }
            for spending in trajectories[t].spending {
                room.euros[spending.funder, default: 0] += Double(spending.cents) / 100
            }
        }
        room.used = room.used.mapValues { changes in
            var used = changes
            for day in 0..<situation.days { used[day + 1] += used[day] }
            return used
        }
        return room
    }

    /// How much of a resource is left on a day.
    func capacity(of resource: Int, on day: Int, in room: Room) -> Int {
        shared.capacity(of: resource, on: day) - (room.used[resource]?[day] ?? 0)
    }

    /// The days of each resource on which some of the trajectories together could be more than there is. What is used
    /// rises only on days on which a leg begins, so that with their rows no other day needs one.
    func criticalDays(of chosen: [Int], in room: Room) -> [[Int]] {
        let horizon = situation.days
        var changes: [Int: [(begins: Int, ends: Int)]] = [:]
        for t in chosen {
            for use in uses[t] {
                changes[use.resource, default: .init(repeating: (0, 0), count: horizon + 1)][use.from].begins +=
                    use.amount
                changes[use.resource]?[use.until].ends += use.amount
            }
        }
        var critical = [[Int]](repeating: [], count: days.count)
        for (resource, change) in changes {
            var used = 0
            for day in 0..<horizon {
                used += change[day].begins - change[day].ends
                let capacity = capacity(of: resource, on: day, in: room)
                let rises =
                    change[day].begins > 0 || day > 0 && capacity < self.capacity(of: resource, on: day - 1, in: room)
                if rises, used > capacity { critical[resource].append(day) }
            }
        }
        return critical
    }

    /// Of the days with rows those on which some of the trajectories, at most one of each request, could use more than there
    /// is. Presolve does not see that trajectories of one request exclude each other: on `national-1`
    /// it is given a third of the rows, and planning takes a sixth to a quarter less of the processor.
    func contestedDays(of chosen: [Int]) -> [[Int]] {
        var users = [[Int: [SharedResources.Use]]](repeating: [:], count: days.count)
        for t in chosen {
            for use in uses[t] where !days[use.resource].isEmpty {
                users[use.resource][trajectories[t].request, default: []].append(use)
            }
        }
        var contested = days
        var ofRequest = [Int](repeating: 0, count: situation.days)
        for resource in days.indices where !days[resource].isEmpty {
            var demand = [Int](repeating: 0, count: situation.days)
            for uses in users[resource].values {
                let span = uses.reduce(situation.days) { min($0, $1.from) }..<uses.reduce(0) { max($0, $1.until) }
                for day in span { ofRequest[day] = 0 }
                for use in uses { for day in use.from..<use.until { ofRequest[day] = max(ofRequest[day], use.amount) } }
                for day in span { demand[day] += ofRequest[day] }
            }
            contested[resource].removeAll { demand[$0] <= shared.capacity(of: resource, on: $0) }
        }
        return contested
    }

    /// Adds the rows of what is shared that a solution (values of trajectories) breaks; tells how many.
    mutating func addBrokenRows(_ values: [(trajectory: Int, value: Double)], by tolerance: Double) -> Int {
        addBrokenDays(values, by: tolerance) + addBrokenMixing(values, by: tolerance)
    }

    /// Adds rows for the days on which something has a price.
    mutating func addRows(at duals: Duals) {
        for (resource, priced) in duals.days.enumerated() where !priced.isEmpty {
            days[resource] = Set(days[resource]).union(priced).sorted()
        }
    }

    private mutating func addBrokenDays(_ values: [(trajectory: Int, value: Double)], by tolerance: Double) -> Int {
        let horizon = situation.days
        // Per resource what begins and ends to be used on each day.
        var changes: [Int: [Double]] = [:]
        for (t, value) in values {
            for use in uses[t] {
                let amount = value * Double(use.amount)
                changes[use.resource, default: .init(repeating: 0, count: horizon + 1)][use.from] += amount
                changes[use.resource]?[use.until] -= amount
            }
        }
        var added = 0
        for (resource, change) in changes {
            var broken: [Int] = []
            var used = 0.0
            var before = 0.0
            // Where the excess is locally worst: its neighbours are mostly settled by the same row.
            var peak: (day: Int, excess: Double)?
            var row = days[resource].makeIterator()
            var nextRow = row.next()
            for day in 0..<horizon {
                used += change[day]
                var excess = used - Double(shared.capacity(of: resource, on: day))
                if day == nextRow {
                    excess = 0
                    nextRow = row.next()
                }
                if let top = peak {
                    if excess > top.excess + Self.tie {
                        peak = (day, excess)
                    } else if excess < top.excess - Self.tie {
                        broken.append(top.day)
                        peak = nil
                    }
                } else if excess > tolerance, excess > before + Self.tie {
                    peak = (day, excess)
                }
                before = excess
            }
            if let peak { broken.append(peak.day) }
            if broken.isEmpty { continue }
            added += broken.count
            days[resource] = (days[resource] + broken).sorted()
        }
        return added
    }

    /// So many rows of beds are there from the beginning, evenly over the days: without them the prices of the few days
    /// that have a row leap from iteration to iteration. On `crisis` that took 35 iterations and not 104.
    private static let firstRows = 5_000
    /// Excesses nearer to each other are the same.
    private static let tie = 1e-6

    /// Adds the rows of single-sex units that some trajectories break together; tells how many.
    mutating func addBrokenMixing(_ plan: [Int]) -> Int { addBrokenMixing(plan.map { ($0, 1) }, by: 1e-6) }

    /// Adds the rows of single-sex units that a solution breaks; tells how many.
    mutating func addBrokenMixing(_ values: [(trajectory: Int, value: Double)], by tolerance: Double) -> Int {
        var presence: [UnitDay: [Claim: Double]] = [:]
        for (t, value) in values {
            for mix in mixes[t] {
                for day in mix.from..<mix.until {
                    let claim = Claim(request: trajectories[t].request, sex: mix.sex)
                    presence[UnitDay(unit: mix.unit, day: day), default: [:]][claim, default: 0] += value
                }
            }
        }
        var added = 0
        for (unitDay, values) in presence.sorted(by: { $0.key < $1.key }) {
            let most = Sex.allCases.map { sex in values.filter { $0.key.sex == sex }.values.max() ?? 0 }
            if most.reduce(0, +) <= 1 + tolerance { continue }
            if claims[unitDay] == nil {
                claims[unitDay] = []
                mixedDays.append(unitDay)
                added += 1
            }
            let missing = values.filter { $0.value > tolerance && claims[unitDay]?.contains($0.key) == false }.keys
            for claim in missing.sorted() {
                claims[unitDay]?.append(claim)
                added += 1
            }
        }
        return added
    }
}
