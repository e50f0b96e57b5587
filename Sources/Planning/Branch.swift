import CareChain

/// A part of all plans: some requests must be placed, some must not, some may start only on some days or with some
/// lodgings. Every part of the search is one, beginning with all plans.
struct Branch {
    /// The requests as they may be placed in it.
    var requests: [OpenRequest]
    /// The places of those that must be placed, and of those that must not.
    var placed: Set<Int> = []
    var unplaced: Set<Int> = []
    /// No plan in it costs less.
    var bound = -Double.infinity
    /// The best of what the rounds of steps for it proved, which may begin below a bound known from elsewhere.
    var boundOfRounds = -Double.infinity
    /// The last solution of its linear program: how much it takes of each trajectory, and its duals.
    var values: [(trajectory: Int, value: Double)] = []
    var duals: Duals?
    /// The value of that solution.
    var value = Double.infinity
    /// Whether its linear program is nearly solved, whether plans were sought at the prices found so, and whether it is solved.
    var isApproached = false
    var isSearched = false
    var isSolved = false
    /// The duals of the best bound, or those that its linear program settled at, and what they prove by themselves.
    var center: Duals?
    var centerBound = -Double.infinity
    /// All trajectories are known whose reduced costs at these are less than this.
    var listedWithin = -Double.infinity

    init(_ requests: [OpenRequest]) {
        self.requests = requests
    }

    /// Whether it is all plans.
    var isWhole = true

    /// Whether a plan in it may use a trajectory.
    func allows(_ trajectory: Trajectory) -> Bool {
        let request = requests[trajectory.request]
        return request.starts.contains(trajectory.start) && !unplaced.contains(trajectory.request)
            && request.allowedOpenings?.contains(trajectory.legs[0].lodging) ?? true
    }

    /// Splits it in two at the request about which its linear program disagrees with itself at the highest cost.
    ///
    /// - Returns: The two, and how far the costs lie apart; nil where it does not disagree.
    func split(_ trajectories: [Trajectory]) -> (one: Branch, other: Branch, spread: Double)? {
        var taken = [[(trajectory: Trajectory, value: Double)]](repeating: [], count: requests.count)
        for (t, value) in values { taken[trajectories[t].request].append((trajectories[t], value)) }
        let spreads = requests.indices.filter { !unplaced.contains($0) && !taken[$0].isEmpty }.map {
            (request: $0, spread: spread(of: taken[$0], unplaced: Double(requests[$0].unplacedPoints)))
        }
        for (r, spread) in spreads.sorted(by: { ($1.spread, $0.request) < ($0.spread, $1.request) }) {
            if let (one, other) = split(r, taken[r]) { return (one, other, spread) }
        }
        return nil
    }

    /// Splits it by what happens to one request.
    private func split(_ r: Int, _ taken: [(trajectory: Trajectory, value: Double)]) -> (Branch, Branch)? {
        let taken = taken.filter { $0.value > Self.noValue }
        let share = taken.reduce(0) { $0 + $1.value }
        var one = self
        // The next solution is another, and only the best duals are worth keeping.
        one.isWhole = false
        one.isApproached = false
        one.isSearched = false
        one.isSolved = false
        one.values = []
        one.boundOfRounds = -.infinity
        one.duals = nil
        var other = one
        if share < 1 - Self.noValue, !placed.contains(r) {
            one.placed.insert(r)
            other.unplaced.insert(r)
            return (one, other)
        }
        let starts = Set(taken.map(\.trajectory.start)).sorted()
        if starts.count > 1 {
            let mean = taken.reduce(0) { $0 + $1.value * Double($1.trajectory.start) } / share
            let split = 1 + (starts.dropLast().last { Double($0) <= mean } ?? starts[0])
            one.requests[r].starts = requests[r].starts.lowerBound..<split
            other.requests[r].starts = split..<requests[r].starts.upperBound
            return (one, other)
        }
        var shares: [Int: Double] = [:]
        for (trajectory, value) in taken { shares[trajectory.legs[0].lodging, default: 0] += value }
        guard shares.count > 1, let most = shares.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
            return nil
        }
        let allowed = requests[r].allowedOpenings ?? Set(requests[r].openings.indices)
        one.requests[r].allowedOpenings = [most]
        other.requests[r].allowedOpenings = allowed.subtracting([most])
        return (one, other)
    }

    /// A value this near to 0 or 1 is whole.
    private static let noValue = 1e-3

    /// How far the costs of what is taken for a request lie apart, in points: the mean distance from their mean.
    private func spread(of taken: [(trajectory: Trajectory, value: Double)], unplaced: Double) -> Double {
        var all = taken.map { (cost: Double($0.trajectory.points), value: $0.value) }
        all.append((unplaced, max(0, 1 - all.reduce(0) { $0 + $1.value })))
        let mean = all.reduce(0) { $0 + $1.cost * $1.value }
        return all.reduce(0) { $0 + $1.value * abs($1.cost - mean) }
    }
}
