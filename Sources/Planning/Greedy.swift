import CareChain

/// The plan that people make by hand: one request after another, the most urgent first, each to the trajectory that is
/// cheapest with what is left. The start of every search, and the baseline that it must never be worse than.
struct Greedy {
    let situation: Situation
    let requests: [OpenRequest]

    /// The order in which requests choose: who has a place already, then by urgency, and by the day on which they are needed.
    static func order(_ requests: [OpenRequest]) -> [Int] {
        func rank(_ request: Request) -> Int {
            if request.current != nil { return 0 }
            return switch request.urgency {
            case .crisis: 1
            case .urgent: 2
            case .planned: 3
            }
        }
        return requests.indices.sorted {
            let (a, b) = (requests[$0].request, requests[$1].request)
            return (rank(a), a.neededFrom, a.id) < (rank(b), b.neededFrom, b.id)
        }
    }

    /// Places the requests in an order beside those already placed.
    ///
    /// Several choose side by side, and what they chose is theirs as far as nobody before them took it: with less left, nothing
    /// cheaper can appear.
    func place(_ order: [Int], in occupancy: inout Occupancy, until stop: @escaping @Sendable () -> Bool) {
        let pricing = ParallelPricing(situation, until: stop)
        var left = order.filter { occupancy.chosen[$0] == nil }[...]
        while !left.isEmpty {
            let some = Array(left.prefix(Self.sideBySide))
            guard
                let found = pricing.trajectories(
                    of: some, among: requests, at: occupancy.prices(for: some),
                    below: some.map { Double(requests[$0].unplacedPoints) }, keep: .best(1))
            else { return }
            let budgets = occupancy.exhaustedBudgets
            for (n, found) in found.enumerated() {
                if let trajectory = found.trajectories.first, !occupancy.chooseIfFits(trajectory), n > 0 { break }
                left.removeFirst()
                // What somebody pays for has another price for those after it.
                if occupancy.exhaustedBudgets != budgets { break }
            }
        }
    }

    private static let sideBySide = 8
}
