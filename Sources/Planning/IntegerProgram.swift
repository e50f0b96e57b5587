import LinearProgramming

/// The choice among some trajectories, beside others that are taken in any case.
struct IntegerProgram {
    private var master: MasterProblem
    private let chosen: [Int]
    /// What is left for them, and the days on which they could be too many.
    private let room: MasterProblem.Room
    private let days: [[Int]]
    private let mustBePlaced: Set<Int>
    /// What is taken off the cost of each, in points.
    private let rewards: [Double]
    /// Those of a plan to start from; nil where it is none of these.
    private let start: Set<Int>?
    private let options: SolverOptions

    /// - Parameters:
    ///   - gap: How near to the best it may end, in points.
    init(
        _ master: MasterProblem, over chosen: [Int], beside others: [Int] = [], mustBePlaced: Set<Int> = [],
        rewards: [Double] = [], from start: Set<Int>?, gap: Double, seed: Int
    ) {
        self.master = master
        self.chosen = chosen
        self.mustBePlaced = mustBePlaced
        self.rewards = rewards
        self.start = start
        room = master.room(beside: others)
        days = master.criticalDays(of: chosen, in: room)
        var options = SolverOptions()
        options.seed = seed
        options.absoluteGap = gap
        self.options = options
    }

    /// What the solver found.
    struct Outcome {
        let report: SolveReport
        /// The trajectories that it takes; nil when it found no choice.
        let plan: [Int]?
    }

    /// Solves it with the rows of single-sex units that the master problem has.
    ///
    /// The choice among few trajectories is mostly made by the linear program, whose solution is whole already: on `national-1`
    /// that takes 2 ms, and the search of the solver for integers 12.
    func solve(_ limits: SolveLimits, _ interrupt: Interrupt?) throws(SolverError) -> Outcome {
        if chosen.count <= Self.fewTrajectories {
            var options = options
            options.presolve = .off
            options.method = .simplex
            var solver = try loaded(options)
            try solver.clearIntegrality()
            let report = try solver.solve(limits: limits, interrupt: interrupt)
            if report.status == .timeLimit || report.status == .interrupted {
                return Outcome(report: report, plan: nil)
            }
            if report.status == .optimal, let plan = plan(try solver.columnValues()) {
                return Outcome(report: report, plan: plan)
            }
        }
        var solver = try loaded(options)
        if let start {
            try solver.setSolution(chosen.enumerated().map { column, t in Entry(column, start.contains(t) ? 1 : 0) })
        }
        let report = try solver.solve(limits: limits, interrupt: interrupt)
        guard report.hasSolution else { return Outcome(report: report, plan: nil) }
        let values = try solver.columnValues()
        return Outcome(report: report, plan: chosen.indices.filter { values[$0] > 0.5 }.map { chosen[$0] })
    }

    private func loaded(_ options: SolverOptions) throws(SolverError) -> Solver {
        var solver = try Solver(options: options)
        let model = master.model(
            over: chosen, days: days, integers: true, mustBePlaced: mustBePlaced, in: room, rewards: rewards)
        try solver.load(model.model)
        try solver.addColumns(model.columns)
        return solver
    }

    /// What a solution takes; nil where it takes a part of something.
    private func plan(_ values: [Double]) -> [Int]? {
        if values.contains(where: { abs($0 - $0.rounded()) > Self.fraction }) { return nil }
        return chosen.indices.filter { values[$0] > 0.5 }.map { chosen[$0] }
    }

    private static let fewTrajectories = 1_500
    /// A value this near to a whole number is one.
    private static let fraction = 1e-6

    /// Adds the rows of single-sex units that a choice breaks; tells how many.
    mutating func addBrokenMixing(_ plan: [Int]) -> Int { master.addBrokenMixing(plan) }
}
