import CareChain
import LinearProgramming

extension Explainer {
    /// The cheapest state found in which a request has a place, every change to others counted like a move: others that it
    /// touches go elsewhere for it, and where the plan explained is the best, so that nothing else is bettered by the way, and
    /// not too large, anybody.
    ///
    /// - Parameters:
    ///   - narrowed: What the request may choose from, where that is less than it might.
    ///   - state: The plan explained, on its instance or on a changed one.
    ///   - known: States in which it has a place.
    func makingRoom(
        for r: Int, as narrowed: OpenRequest? = nil, in state: PlanState, knowing known: [PlanState],
        _ interrupt: Interrupt
    ) throws(ExplanationError) -> (state: PlanState?, cut: Bool) {
        let isWide = plan.bound == self.state.value && state.requests.count <= PlanSearch.fewRequests
        let replanning = Replanning(options: options, interrupt: interrupt)
        var ways = known
        var (found, cut) = try replanning.state(
            from: state, placing: r, as: narrowed, share: isWide ? Self.shareNear : 1)
        if let found { ways.append(found.sparing(others: state, but: r)) }
        if isWide {
            let isCut: Bool
            (found, isCut) = try replanning.state(
                from: state, placing: r, as: narrowed, reach: .everybody(startingFrom: plan), share: 1)
            if let found { ways.append(found.sparing(others: state, but: r)) }
            cut = cut || isCut
        }
        return (ways.min { $0.cost(sparing: state, but: r) < $1.cost(sparing: state, but: r) }, cut)
    }

    private static let shareNear = 0.3
}
