import CareChain
import LinearProgramming

/// From a plan to the next: its prices, settled where something changed, and its stays, kept where that costs nothing.
extension PlanSearch {
    /// Begins at the prices that a plan states: often they alone prove that what was carried over and completed is the best.
    /// Where they no longer fit they are settled first, which is soon done near prices that did; many are left to steps.
    mutating func begin(
        from previous: PreviousPlan, _ progress: (PlanningProgress) -> Void
    ) throws(SolverError) {
        generation.begin(&open[0], atPricesOf: previous.plan)
        if open[0].duals == nil { return }
        whole = open[0]
        raiseBound()
        tell(progress)
        if requests.count > Self.manyRequests {
            generation.beginSteps(open[0], taking: previous.trajectories)
            return
        }
        var branch = open[0]
        branch.isSolved = isProven
        if !isProven {
            if isPriced { prepareFullUnits() }
            // The linear program alone places nobody.
            branch.isSolved = try settleAll(&branch, keeping: Self.shareForPlans, progress) == .solved
            branch.isApproached = branch.isSolved
            if branch.isSolved { complete(generation.rounded(branch), until: isOver) } else { branch.values = [] }
        }
        open[0] = branch
        whole = open[0]
        raiseBound()
        tell(progress)
    }

    /// Solves the linear program over all plans for the sake of its prices, where it is small enough: what steps find is near
    /// the best bound, but not the least that all are worth.
    mutating func settlePrices() throws(SolverError) {
        guard requests.count <= Self.manyRequests, var branch = whole, !branch.isSolved else { return }
        branch.duals = branch.center
        prepareFullUnits()
        // Whom a plan leaves where they were is worth more than what a bed is worth.
        let step = try settleAll(&branch, keeping: previous == nil ? 0 : Self.shareForPlans) { _ in }
        branch.isSolved = step == .solved
        if branch.isSolved { whole = branch }
    }

    /// Solves the linear program of a branch, from trajectories that are nearly all it takes.
    ///
    /// - Parameters:
    ///   - share: The part of the time left now that it leaves to plans.
    /// - Returns: How it ended; also given up after so many iterations that no end is near.
    private mutating func settleAll(
        _ branch: inout Branch, keeping share: Double = 0, _ progress: (PlanningProgress) -> Void
    ) throws(SolverError) -> ColumnGeneration.Step {
        let kept = (options.secondsLeft?() ?? 0) * share
        if let center = branch.center { generation.addRows(at: center) }
        var chosen = generation.trajectories(
            of: branch, within: .infinity, atMost: Self.promisingPerRequest * requests.count)
        if previous != nil, let known = branch.center {
            var program = try generation.program(over: chosen, near: known)
            let step = try settle(keeping: kept, progress) { (generation, limits, interrupt) throws(SolverError) in
                try generation.settle(&branch, in: &program, limits, interrupt)
            }
            if step != .givesUp { return step }
        }
        // Without a plan to start from none are known that were right: those amid all that are best fit what comes after.
        return try settle(keeping: kept, progress) { (generation, limits, interrupt) throws(SolverError) in
            try generation.settle(&branch, over: &chosen, limits, interrupt)
        }
    }

    /// Iterates as long as it goes on, but no more often than where an end is near.
    private mutating func settle(
        keeping kept: Double, _ progress: (PlanningProgress) -> Void,
        _ iterate: (inout ColumnGeneration, SolveLimits, Interrupt) throws(SolverError) -> ColumnGeneration.Step
    ) throws(SolverError) -> ColumnGeneration.Step {
        for _ in 0..<Self.mostPriceIterations where mayIterate && !shouldStop {
            if let left = options.secondsLeft?(), left < kept {
                isCut = true
                return .stopped
            }
            let step = try iterate(&generation, limits(keeping: kept), interrupt)
            tell(progress)
            if step == .stopped { isCut = true }
            if step != .goesOn { return step }
        }
        return shouldStop ? .stopped : .givesUp
    }

    /// So many iterations the prices of a plan may take: they begin near the end.
    private static let mostPriceIterations = 20

    /// Among the plans that cost as little as the best, seeks one that changes fewer stays of the plan to start from.
    mutating func keepStays() throws(SolverError) {
        guard let previous, var whole, isProven, bestKept < previous.count, !shouldStop else { return }
        // The nearer what is proven, the fewer trajectories there are to choose from; where prices are settled it is near.
        while requests.count > Self.manyRequests, Double(bestValue) - whole.bound > Self.sameCost, mayIterate,
            !shouldStop, generation.approach(&whole) == .goesOn
        {}
        // Bounds of integer programs are not those of the duals.
        whole.duals = whole.center
        let gap = Double(bestValue) - whole.centerBound + Self.sameCost
        if whole.listedWithin < gap, !generation.addAll(whole, within: gap, atMost: Self.mostTrajectories) { return }
        var limits = limits()
        limits.nodes = Self.mostNodes
        _ = try solveIntegers(
            Branch(requests), over: generation.trajectories(of: whole, within: gap), gap: reward(previous) / 2,
            limits: limits)
    }

    /// Costs are whole: plans nearer to each other cost the same.
    private static let sameCost = 0.5

    /// What keeping a stay is worth beside the cost: so little that all together do not outweigh a point.
    func reward(_ previous: PreviousPlan) -> Double { Self.sameCost / Double(previous.count + 1) }
}
