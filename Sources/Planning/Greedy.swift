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
    func place(_ order: [Int], in occupancy: inout Occupancy, until stop: () -> Bool) {
        var pricing = Pricing(situation)
        for r in order where occupancy.chosen[r] == nil {
            if stop() { return }
            let request = requests[r]
            let found = pricing.trajectories(
                of: request, r, at: occupancy.prices(for: r), below: Double(request.unplacedPoints), keep: .best(1))
            if let legs = found.legs.first { occupancy.choose(request.trajectory(r, legs, in: situation)) }
        }
    }
}
