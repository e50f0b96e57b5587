import CareChain

extension OpenRequest {
    /// The request with nothing to choose from but the lodgings and start of a trajectory; without one, nothing at all.
    func kept(on trajectory: Trajectory?) -> OpenRequest {
        guard let trajectory else { return narrowed(firstLodgings: [], lodgings: []) }
        let used = trajectory.legs.enumerated().map { lodging(of: $1, at: $0) }
        let isElsewhere = request.current == nil
        return narrowed(
            starts: trajectory.start..<trajectory.start + 1,
            firstLodgings: isElsewhere ? [] : [used[0]], lodgings: isElsewhere ? used : Array(used.dropFirst()))
    }

    /// The request in a unit for its whole stay; one with `current` may come there later, but not stay away.
    func kept(in unit: Int) -> OpenRequest {
        func isThere(_ lodging: Lodging) -> Bool { lodging.parts.contains { $0.unit == unit } }
        let first = firstLodgings.compactMap { lodging in
            isThere(lodging) ? lodging : lodging.movedOnDay0 == 0 ? lodging.left(before: span.upperBound) : nil
        }
        return narrowed(firstLodgings: first, lodgings: lodgings.filter(isThere))
    }

    /// The request with so many points more for leaving it without a place.
    func pressed(by points: Int) -> OpenRequest {
        narrowed(firstLodgings: firstLodgings, lodgings: lodgings, unplacedPoints: unplacedPoints + points)
    }

    /// Whether a plan that leaves it without a place is no answer.
    func isPressed(_ weights: Weights) -> Bool { unplacedPoints > UnplacedCost.cost(of: request, weights) }

    private func narrowed(
        starts: Range<Int>? = nil, firstLodgings: [Lodging], lodgings: [Lodging], unplacedPoints: Int? = nil
    ) -> OpenRequest {
        OpenRequest(
            place: place, request: request, victims: victims, starts: starts ?? self.starts, span: span,
            lodgings: lodgings, firstLodgings: firstLodgings, kinds: kinds, isComplete: isComplete, funding: funding,
            unplacedPoints: unplacedPoints ?? self.unplacedPoints, horizonDays: horizonDays)
    }
}

extension Lodging {
    /// The lodging for those who do not stay to the end of the span.
    fileprivate func left(before end: Int) -> Lodging {
        Lodging(
            units: units, parts: parts, entryPoints: entryPoints, movedOnDay0: movedOnDay0, movesLeft: movesLeft,
            leastDays: leastDays, reach: reach.map { min($0, Int16(end - 1)) }, isExchangeable: isExchangeable)
    }
}
