internal import CHighs

/// HiGHS' own object, with the one place where its answers are checked.
///
/// It must not be copied, because HiGHS frees it with its owner.
struct Instance: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private let watch = SolveWatch()

    init() throws(SolverError) {
        guard let pointer = Highs_create() else { throw .unavailable }
        self.pointer = pointer
    }

    deinit { Highs_destroy(pointer) }

    /// Takes HiGHS' terminal away, and listens to what it says instead.
    ///
    /// Not in the initialiser: one that has set its members may not throw in a type that cannot be copied (Swift 6.3).
    func begin() throws(SolverError) {
        try check("Highs_setBoolOptionValue", Highs_setBoolOptionValue(pointer, "log_to_console", 0))
        // HiGHS keeps the watch's address for as long as it lives, and the watch lives as long.
        let context = Unmanaged.passUnretained(watch).toOpaque()
        try check("Highs_setCallback", Highs_setCallback(pointer, SolveWatch.callback, context))
        try check("Highs_startCallback", Highs_startCallback(pointer, kHighsCallbackLogging))
    }

    func run(seconds: Double?, interrupt: Interrupt?, progress: ((SolveProgress) -> Void)?) throws(SolverError) {
        let isWatched = interrupt != nil || progress != nil
        try listen(kHighsCallbackSimplexInterrupt, isWatched)
        try listen(kHighsCallbackIpmInterrupt, isWatched)
        try listen(kHighsCallbackMipInterrupt, isWatched || seconds != nil)
        // HiGHS' limit of seconds is for all solves of an instance together, unless its clock is set back.
        try check("Highs_zeroAllClocks", Highs_zeroAllClocks(pointer))
        watch.begin(seconds: seconds, interrupt: interrupt, progress: progress)
        defer { watch.end() }
        try check("Highs_run", Highs_run(pointer), warningIsFine: true)
    }

    /// Whether the last run was told to end because its seconds were over.
    var isPastDeadline: Bool { watch.isPastDeadline }

    private func listen(_ kind: HighsInt, _ isOn: Bool) throws(SolverError) {
        if isOn {
            try check("Highs_startCallback", Highs_startCallback(pointer, kind))
        } else {
            try check("Highs_stopCallback", Highs_stopCallback(pointer, kind))
        }
    }

    /// Throws what HiGHS complained of, unless its answer says that all went well.
    func check(_ call: String, _ answer: HighsInt, warningIsFine: Bool = false) throws(SolverError) {
        let complaints = watch.takeComplaints()
        if answer == kHighsStatusOk || (warningIsFine && answer == kHighsStatusWarning) { return }
        throw .failed(call: call, message: complaints.isEmpty ? "HiGHS does not say why (\(answer))" : complaints)
    }
}

extension Instance {
    func set(_ options: SolverOptions) throws(SolverError) {
        try set("random_seed", options.seed)
        try set("threads", options.threads)
        try set("presolve", options.presolve.rawValue)
        try set("solver", options.method.rawValue)
        try set("simplex_strategy", options.simplexStrategy.rawValue)
        try set("run_crossover", options.crossover ? "on" : "off")
        try set("mip_rel_gap", options.relativeGap)
        try set("mip_abs_gap", options.absoluteGap)
        try set("primal_feasibility_tolerance", options.primalTolerance)
        try set("dual_feasibility_tolerance", options.dualTolerance)
        try set("mip_feasibility_tolerance", options.integralityTolerance)
    }

    func set(_ limits: SolveLimits) throws(SolverError) {
        try set("time_limit", limits.seconds ?? .infinity)
        try set("simplex_iteration_limit", limits.iterations ?? Int(HighsInt.max))
        try set("mip_max_nodes", limits.nodes ?? Int(HighsInt.max))
    }

    private func set(_ name: String, _ value: Int) throws(SolverError) {
        guard let value = HighsInt(exactly: value) else { throw .invalidOption("\(name) cannot be \(value)") }
        try checkOption(name, "\(value)", Highs_setIntOptionValue(pointer, name, value))
    }

    private func set(_ name: String, _ value: Double) throws(SolverError) {
        // HiGHS compares with its limits, which what is not a number passes.
        guard !value.isNaN else { throw .invalidOption("\(name) cannot be \(value)") }
        try checkOption(name, "\(value)", Highs_setDoubleOptionValue(pointer, name, value))
    }

    private func set(_ name: String, _ value: String) throws(SolverError) {
        try checkOption(name, value, Highs_setStringOptionValue(pointer, name, value))
    }

    private func checkOption(_ name: String, _ value: String, _ answer: HighsInt) throws(SolverError) {
        do {
            try check(name, answer)
        } catch {
            throw .invalidOption("\(name) cannot be \(value)")
        }
    }

    func integerInformation(_ name: String) throws(SolverError) -> Int {
        var value: HighsInt = 0
        try check("Highs_getIntInfoValue", Highs_getIntInfoValue(pointer, name, &value), warningIsFine: true)
        return Int(value)
    }

    func integer64Information(_ name: String) throws(SolverError) -> Int {
        var value: Int64 = 0
        try check("Highs_getInt64InfoValue", Highs_getInt64InfoValue(pointer, name, &value), warningIsFine: true)
        return Int(value)
    }

    func doubleInformation(_ name: String) throws(SolverError) -> Double {
        var value = 0.0
        try check("Highs_getDoubleInfoValue", Highs_getDoubleInfoValue(pointer, name, &value), warningIsFine: true)
        return value
    }
}
