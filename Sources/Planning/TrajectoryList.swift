import CareChain

/// The trajectories of an instance's open requests written out, with what they share: a whole integer program for other
/// solvers (`onderdak-trajectories/1`, see `docs/formulation.md`).
///
/// Fixed requests are settled already: their beds are off `bedsLeft`, and no trajectory meets one of them where a rule
/// forbids it. Units, budgets, requests and victims are named by their places in these lists.
public struct TrajectoryList: Encodable, Sendable, Equatable {
    /// The name of the format.
    public let format = "onderdak-trajectories/1"
    /// The name of the instance.
    public let instance: String
    /// The days of the horizon.
    public let days: Int
    /// Whether no trajectory that a best plan may need is missing.
    public let isComplete: Bool
    /// What fixed requests cost, budgets aside, in points.
    public let fixedCost: Int
    /// Points per whole euro, rounded up, by which a budget is passed.
    public let overBudgetEuro: Int
    /// The units.
    public let units: [Unit]
    /// The budgets of the funders that have one.
    public let budgets: [Budget]
    /// The open requests.
    public let requests: [Request]
    /// The no-contact pairs whose victims are both in open requests.
    public let noContact: [NoContact]
    /// The trajectories, request by request; those that cost as much as leaving their request unplaced are left out.
    public let trajectories: [Trajectory]

    /// A unit and what requests that are not fixed may take of it.
    public struct Unit: Encodable, Sendable, Equatable {
        /// Its id in the instance.
        public let id: String
        /// Its shelter.
        public let shelter: String
        /// The region of its shelter.
        public let region: String
        /// `victim` or `request`: what takes a bed.
        public let countBy: String
        /// Whether all who are there on one day must have the same sex.
        public let isSingleSex: Bool
        /// Whether all who are there on one day must belong to one request.
        public let isExclusive: Bool
        /// The beds beside fixed requests, as steps.
        public let bedsLeft: [Beds]
    }

    /// A number of beds from a day on.
    public struct Beds: Encodable, Sendable, Equatable {
        /// The first day.
        public let from: Int
        /// The beds.
        public let count: Int
    }

    /// What a funder may spend.
    public struct Budget: Encodable, Sendable, Equatable {
        /// The funder's id.
        public let funder: String
        /// The budget in cents.
        public let cents: Int
        /// What fixed requests take of it, in cents.
        public let spentByFixed: Int
    }

    /// An open request.
    public struct Request: Encodable, Sendable, Equatable {
        /// Its id in the instance.
        public let id: String
        /// What leaving it without a place costs, in points.
        public let unplacedCost: Int
        /// The sex of each of its victims.
        public let sexes: [String]
    }

    /// Two victims who must not meet.
    public struct NoContact: Encodable, Sendable, Equatable {
        /// One of them.
        public let a: Person
        /// The other.
        public let b: Person
        /// `unit`, `shelter` or `region`.
        public let scope: String
    }

    /// A victim by its request and its place within it.
    public struct Person: Encodable, Sendable, Equatable {
        /// The request.
        public let request: Int
        /// The victim.
        public let victim: Int
    }

    /// One way through the horizon for one request.
    public struct Trajectory: Encodable, Sendable, Equatable {
        /// The request.
        public let request: Int
        /// What it costs, budgets aside, in points.
        public let cost: Int
        /// Its legs.
        public let legs: [Leg]
        /// What it takes of budgets.
        public let spending: [Spending]
    }

    /// Where the victims of a request are from one day until another.
    public struct Leg: Encodable, Sendable, Equatable {
        /// The first day.
        public let from: Int
        /// The first day no longer there.
        public let until: Int
        /// The unit of each victim.
        public let units: [Int]
    }

    /// What a trajectory takes of a budget.
    public struct Spending: Encodable, Sendable, Equatable {
        /// The budget.
        public let budget: Int
        /// The cents.
        public let cents: Int
    }
}

extension Planner {
    /// Writes out all trajectories of the open requests.
    ///
    /// - Parameter limit: The most trajectories to list. With moves there soon are millions.
    /// - Returns: The list; nil when there are more trajectories than the limit.
    public func trajectories(atMost limit: Int) -> TrajectoryList? {
        let situation = Situation(instance)
        let requests = situation.open.map { OpenRequest($0, in: situation) }
        guard
            let found = ParallelPricing(situation).trajectories(
                of: Array(requests.indices), among: requests, at: Prices(in: situation, open: requests.count),
                below: requests.map { Double($0.unplacedPoints) }, keep: .all(limit + 1))
        else { return nil }
        let trajectories = found.flatMap(\.trajectories)
        if trajectories.count > limit { return nil }
        return TrajectoryList(
            situation, requests, trajectories,
            isComplete: requests.allSatisfy(\.isComplete) && !found.contains(where: \.isCut))
    }
}

extension TrajectoryList {
    fileprivate init(
        _ situation: Situation, _ requests: [OpenRequest], _ trajectories: [Planning.Trajectory], isComplete: Bool
    ) {
        let instance = situation.instance
        self.instance = instance.name
        days = situation.days
        self.isComplete = isComplete
        fixedCost = situation.fixedPoints
        overBudgetEuro = instance.weights.overBudgetEuro
        units = instance.units.indices.map { unit in
            let site = instance.units[unit]
            return Unit(
                id: site.id.text, shelter: site.shelter.text, region: instance.shelter(ofUnit: unit).region.text,
                countBy: site.countBy.rawValue, isSingleSex: site.mixing == .singleSex, isExclusive: site.exclusive,
                bedsLeft: Self.steps(situation.bedsLeft[unit * situation.days..<(unit + 1) * situation.days]))
        }
        let funders = instance.funders.indices.filter { instance.funders[$0].budget != nil }
        budgets = funders.map { funder in
            Budget(
                funder: instance.funders[funder].id.text, cents: instance.funders[funder].budget?.amount ?? 0,
                spentByFixed: situation.spentByFixed[funder])
        }
        self.requests = requests.map { request in
            Request(
                id: request.request.id.text, unplacedCost: request.unplacedPoints,
                sexes: request.victims.map { instance.victims[$0].sex.rawValue })
        }
        var holder: [Int: Person] = [:]
        for (r, request) in requests.enumerated() {
            for (n, victim) in request.victims.enumerated() { holder[victim] = Person(request: r, victim: n) }
        }
        noContact = situation.openPairs.compactMap { pair in
            guard let a = holder[pair.a], let b = holder[pair.b] else { return nil }
            return NoContact(a: a, b: b, scope: pair.scope.rawValue)
        }
        let budgetOf = Dictionary(uniqueKeysWithValues: funders.enumerated().map { ($1, $0) })
        self.trajectories = trajectories.map { trajectory in
            Trajectory(
                request: trajectory.request, cost: trajectory.points,
                legs: trajectory.legs.map { Leg(from: $0.from, until: $0.until, units: $0.units) },
                spending: trajectory.spending.compactMap { spending in
                    budgetOf[spending.funder].map { Spending(budget: $0, cents: spending.cents) }
                })
        }
    }

    private static func steps(_ beds: ArraySlice<Int32>) -> [Beds] {
        var steps: [Beds] = []
        for (day, count) in beds.enumerated() where steps.last?.count != Int(count) {
            steps.append(Beds(from: day, count: Int(count)))
        }
        return steps
    }
}
