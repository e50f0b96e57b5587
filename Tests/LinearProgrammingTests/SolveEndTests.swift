import Dispatch
import Testing

@testable import LinearProgramming

/// A solve that is ended early is a result, with what was found.
@Suite("Solves that end early")
struct SolveEndTests {
    private func hard() -> LinearModel { MixedIntegerSolveTests.hard(rows: 40, columns: 200, seed: 1) }

    private func moderate() -> LinearModel { MixedIntegerSolveTests.hard(rows: 15, columns: 40, seed: 1) }

    /// Ends a solve whose interrupt is lost, so that the test fails instead of going on.
    private let longEnough = SolveLimits(seconds: 100)

    /// Solves with a limit of seconds, and with ten times as many where they were too few to find anything: the machine may
    /// have other work.
    private func withSeconds(_ solve: (Double) throws -> Bool) throws {
        for seconds in [0.3, 3, 30] {
            if try solve(seconds) { return }
        }
        Issue.record("nothing is found within 30 seconds")
    }

    /// The same without integrality, and dense enough for a good many iterations.
    private func long() -> LinearModel {
        var random = RandomNumbers(seed: 4)
        var model = LinearModel()
        for _ in 0..<400 { model.addColumn(cost: -Double(Int.random(in: 500...1000, using: &random)), upper: 1) }
        for _ in 0..<200 {
            let entries = (0..<400).filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
                .map { Entry($0, Double(Int.random(in: 1...50, using: &random))) }
            model.addRow(upper: 100, entries: entries)
        }
        return model
    }

    @Test("by the limit of seconds, which each solve has for itself")
    func seconds() throws {
        try withSeconds { seconds in
            let limits = SolveLimits(seconds: seconds)
            var solver = try Solver()
            try solver.load(hard())
            let first = try solver.solve(limits: limits)
            #expect(first.status == .timeLimit)
            guard first.hasSolution, let bound = first.bound else { return false }
            #expect(try #require(first.objective) > bound)
            #expect(try #require(first.gap) > 0)
            // Were the seconds counted together, this would end before its first node, like the one after it.
            try solver.load(hard())
            let second = try solver.solve(limits: limits)
            #expect(second.status == .timeLimit)
            #expect(second.seconds >= seconds)
            #expect(try solver.solve(limits: SolveLimits(seconds: 0)).status == .timeLimit)
            return second.iterations > 0
        }
    }

    @Test("by the limit of iterations")
    func iterations() throws {
        var solver = try Solver()
        try solver.load(long())
        let report = try solver.solve(limits: SolveLimits(iterations: 5))
        #expect(report.status == .iterationLimit)
        #expect(report.iterations == 5)
        #expect(report.bound == nil)
        #expect(try solver.solve().status == .optimal)
    }

    @Test("by the limit of nodes")
    func nodes() throws {
        var solver = try Solver()
        try solver.load(moderate())
        let report = try solver.solve(limits: SolveLimits(nodes: 1))
        #expect(report.status == .nodeLimit)
        #expect(report.hasSolution)
        #expect(report.nodes == 1)
    }

    @Test("by an interrupt that was requested before, at once")
    func interruptedBefore() throws {
        var solver = try Solver()
        try solver.load(hard())
        let interrupt = Interrupt()
        interrupt.request()
        let report = try solver.solve(interrupt: interrupt)
        #expect(report.status == .interrupted)
        #expect(!report.hasSolution)
        #expect(report.iterations == 0)
    }

    @Test("by an interrupt from another thread, when it is mixed integer")
    func interruptedMixedInteger() throws {
        let interrupt = Interrupt()
        let found = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            found.wait()
            interrupt.request()
        }
        var solver = try Solver()
        try solver.load(hard())
        let report = try solver.solve(limits: longEnough, interrupt: interrupt) { progress in
            if progress.objective != nil { found.signal() }
        }
        found.signal()
        #expect(report.status == .interrupted)
        #expect(report.hasSolution)
        #expect(try solver.columnValues().count == 200)
    }

    @Test("by an interrupt, when it is linear, by either method; the next solve is not interrupted")
    func interruptedLinear() throws {
        for method in [SolverOptions.Method.simplex, .interiorPoint] {
            var options = SolverOptions()
            options.method = method
            options.presolve = .off
            var solver = try Solver(options: options)
            try solver.load(long())
            let interrupt = Interrupt()
            let report = try solver.solve(limits: longEnough, interrupt: interrupt) { _ in interrupt.request() }
            #expect(report.status == .interrupted, "\(method)")
            #expect(try solver.solve(interrupt: Interrupt()).status == .optimal, "\(method)")
        }
    }

    @Test("after a linear solve too, within the seconds of one solve")
    func secondsAfterLinearSolve() throws {
        try withSeconds { seconds in
            var solver = try Solver()
            try solver.load(hard())
            try solver.clearIntegrality()
            _ = try solver.solve()
            try solver.setIntegrality(Array(0..<solver.columnCount), isInteger: true)
            let report = try solver.solve(limits: SolveLimits(seconds: seconds))
            #expect(report.status == .timeLimit)
            return report.hasSolution
        }
    }

    @Test("have told their progress before")
    func progress() throws {
        var solver = try Solver()
        try solver.load(moderate())
        var steps: [SolveProgress] = []
        let report = try solver.solve(limits: SolveLimits(nodes: 20)) { steps.append($0) }
        #expect(!steps.isEmpty)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.seconds <= $1.seconds && $0.nodes <= $1.nodes })
        let objectives = steps.compactMap(\.objective)
        #expect(zip(objectives, objectives.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(try #require(objectives.last) >= #require(report.objective) - 1e-6)
    }
}

@Suite("The solver")
struct SolverTests {
    @Test("tells the version of HiGHS")
    func version() {
        let parts = Solver.version.split(separator: ".").compactMap { Int($0) }
        #expect(parts.count == 3)
        #expect(parts.starts(with: [1]))
    }

    @Test("explains errors for people, with the call and HiGHS' words")
    func errors() {
        #expect(
            SolverError.failed(call: "Highs_run", message: "Out of luck").description
                == "the solver failed in Highs_run: Out of luck"
        )
        #expect("\(SolverError.noSolution("duals"))".hasPrefix("the solver has no duals: solve first"))
    }

    @Test("passes on what HiGHS complains of")
    func complaints() throws {
        let solver = try Solver()
        do {
            _ = try solver.instance.integerInformation("no_such_thing")
            Issue.record("HiGHS knows what it does not know")
        } catch {
            guard case .failed(let call, let message) = error else { throw error }
            #expect(call == "Highs_getIntInfoValue")
            #expect(message.contains("no_such_thing"))
        }
    }
}
