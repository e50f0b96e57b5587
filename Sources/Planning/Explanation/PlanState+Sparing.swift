import CareChain

extension PlanState {
    /// The state in which others keep to another one as far as that is possible and costs no more than a move each: what
    /// is planned anew also betters what nobody asked about, and every change to somebody's stay has to be explained.
    ///
    /// - Parameters:
    ///   - before: A state of the same requests.
    ///   - r: The request that all this is for.
    func sparing(others before: PlanState, but r: Int) -> PlanState {
        var state = self
        var occupancy = Occupancy(situation, requests)
        for case let trajectory? in chosen { occupancy.choose(trajectory) }
        var goesOn = true
        while goesOn {
            goesOn = false
            let changed = state.changed(from: before).filter { $0 != r }
            // Two may have taken each other's place.
            let pairs = changed.indices.flatMap { n in changed[(n + 1)...].map { [changed[n], $0] } }
            for some in changed.map({ [$0] }) + pairs where state.revert(some, to: before, &occupancy) {
                goesOn = true
                break
            }
        }
        return state
    }

    /// What a state costs when each change to the stays of others counts like a move.
    func cost(sparing before: PlanState, but r: Int) -> Int {
        value + MoveCost.cost(moves: changed(from: before).count { $0 != r }, instance.weights)
    }

    private func changed(from before: PlanState) -> [Int] {
        requests.indices.filter { chosen[$0]?.legs != before.chosen[$0]?.legs }
    }

    /// Gives some requests their trajectories of before, if these fit and cost no more than a move each; tells whether.
    private mutating func revert(_ some: [Int], to before: PlanState, _ occupancy: inout Occupancy) -> Bool {
        var reverted = self
        for n in some { reverted.chosen[n] = before.chosen[n] }
        if reverted.value - value > MoveCost.cost(moves: some.count, instance.weights) { return false }
        for n in some { occupancy.withdraw(n) }
        let fits = some.allSatisfy { n in before.chosen[n].map { occupancy.chooseIfFits($0) } ?? true }
        if fits {
            self = reverted
        } else {
            for n in some {
                occupancy.withdraw(n)
                if let trajectory = chosen[n] { occupancy.choose(trajectory) }
            }
        }
        return fits
    }
}
