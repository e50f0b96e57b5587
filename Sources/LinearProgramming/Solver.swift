internal import CHighs

/// One instance of the HiGHS solver, with a model that can change while it lives.
///
/// After a change a linear model is solved from where the last solve ended, so that a few columns or rows more cost a few
/// iterations. A solver is used by one thread at a time, as the compiler sees to: it can be neither copied nor shared.
/// Only an `Interrupt` reaches it from elsewhere. It writes nothing to the terminal.
public struct Solver: ~Copyable {
    /// The version of HiGHS, such as `1.15.1`.
    public static var version: String { Highs_version().map { String(cString: $0) } ?? "unknown" }

    /// How it works.
    public private(set) var options: SolverOptions

    let instance: Instance
    /// What there is to read since the last solve; nil once the model has changed.
    var report: SolveReport?

    /// Makes a solver without a model.
    ///
    /// - Throws: `SolverError.invalidOption` for an option that HiGHS does not take.
    public init(options: SolverOptions = SolverOptions()) throws(SolverError) {
        let instance = try Instance()
        try instance.begin()
        try instance.set(options)
        self.instance = instance
        self.options = options
        report = nil
    }

    /// Changes how the solver works from the next solve on.
    ///
    /// - Throws: `SolverError.invalidOption` for an option that HiGHS does not take, and keeps those it has.
    public mutating func setOptions(_ options: SolverOptions) throws(SolverError) {
        do {
            try instance.set(options)
        } catch {
            try instance.set(self.options)
            throw error
        }
        self.options = options
    }

    /// Solves the model, within the limits.
    ///
    /// - Parameters:
    ///   - limits: when to end before it is done.
    ///   - interrupt: ends the solve when requested, from any thread.
    ///   - progress: is called while it solves, at each better solution and else at most ten times a second.
    /// - Returns: why it ended, and with what.
    /// - Throws: `SolverError.failed` when HiGHS breaks down; `SolverError.invalidOption` for a limit that is none.
    public mutating func solve(
        limits: SolveLimits = SolveLimits(),
        interrupt: Interrupt? = nil,
        progress: ((SolveProgress) -> Void)? = nil
    ) throws(SolverError) -> SolveReport {
        report = nil
        try instance.set(limits)
        if interrupt?.isRequested == true {
            return SolveReport(interruptedBefore: ())
        }
        try instance.run(seconds: limits.seconds, interrupt: interrupt, progress: progress)
        let report = try makeReport()
        self.report = report
        return report
    }

    private func makeReport() throws(SolverError) -> SolveReport {
        var code = Highs_getModelStatus(instance.pointer)
        if code == kHighsModelStatusInterrupt, instance.isPastDeadline { code = kHighsModelStatusTimeLimit }
        if code == kHighsModelStatusModelEmpty { return try makeReportWithoutColumns() }
        let (status, text) = SolveStatus.named(code)
        let nodes = try instance.integer64Information("mip_node_count")
        let isMixedInteger = nodes >= 0
        let primal = try instance.integerInformation("primal_solution_status")
        let dual = try instance.integerInformation("dual_solution_status")
        let hasSolution = primal == Int(kHighsSolutionStatusFeasible)
        let objective = hasSolution ? finite(Highs_getObjectiveValue(instance.pointer)) : nil
        let bound =
            try isMixedInteger
            ? finite(instance.doubleInformation("mip_dual_bound")) : status == .optimal ? objective : nil
        return SolveReport(
            status: status,
            statusText: text,
            hasSolution: hasSolution,
            hasDuals: !isMixedInteger && dual != Int(kHighsSolutionStatusNone),
            objective: objective,
            bound: bound,
            seconds: Highs_getRunTime(instance.pointer),
            iterations: max(0, try instance.integerInformation("simplex_iteration_count")),
            nodes: isMixedInteger ? nodes : nil
        )
    }

    /// The report of a model without columns, whose rows HiGHS does not look at: nothing is the solution, or none is.
    private func makeReportWithoutColumns() throws(SolverError) -> SolveReport {
        var (lower, upper) = ([Double](repeating: 0, count: rowCount), [Double](repeating: 0, count: rowCount))
        if rowCount > 0 {
            var (count, entryCount): (HighsInt, HighsInt) = (0, 0)
            let answer = Highs_getRowsByRange(
                instance.pointer,
                0,
                HighsInt(rowCount - 1),
                &count,
                &lower,
                &upper,
                &entryCount,
                nil,
                nil,
                nil
            )
            try instance.check("Highs_getRowsByRange", answer)
        }
        let tolerance = options.primalTolerance
        let isFeasible = lower.allSatisfy { $0 <= tolerance } && upper.allSatisfy { $0 >= -tolerance }
        return SolveReport(
            status: isFeasible ? .optimal : .infeasible,
            statusText: "Empty",
            hasSolution: isFeasible,
            hasDuals: isFeasible,
            objective: isFeasible ? 0 : nil,
            bound: isFeasible ? 0 : nil,
            seconds: 0,
            iterations: 0
        )
    }
}

extension SolveReport {
    /// The report of a solve that was asked to end before it began.
    fileprivate init(interruptedBefore: Void) {
        self.init(
            status: .interrupted,
            statusText: "Interrupted before it began",
            hasSolution: false,
            hasDuals: false,
            seconds: 0,
            iterations: 0
        )
    }
}

extension SolveStatus {
    /// Our name and HiGHS' words for one of its model statuses.
    fileprivate static func named(_ status: HighsInt) -> (SolveStatus, String) {
        switch status {
        case kHighsModelStatusOptimal: (.optimal, "Optimal")
        case kHighsModelStatusInfeasible: (.infeasible, "Infeasible")
        case kHighsModelStatusUnboundedOrInfeasible: (.infeasibleOrUnbounded, "Primal infeasible or unbounded")
        case kHighsModelStatusUnbounded: (.unbounded, "Unbounded")
        case kHighsModelStatusTimeLimit: (.timeLimit, "Time limit reached")
        case kHighsModelStatusIterationLimit: (.iterationLimit, "Iteration limit reached")
        case kHighsModelStatusSolutionLimit: (.nodeLimit, "Solution limit reached")
        case kHighsModelStatusInterrupt: (.interrupted, "Interrupted by user")
        default: (.unknown, "HiGHS model status \(status)")
        }
    }
}
