import CareChain
import Foundation
import LinearProgramming
import Planning
import UnixSignals

/// One run of the planner with a clock, a terminal and signals around it.
struct PlanningSession {
    let timeLimit: Double?
    let iterations: Int?
    let seed: Int
    /// When its seconds began to count: before anything was read.
    private let began = ContinuousClock.now

    init(timeLimit: Double?, iterations: Int?, seed: Int) {
        self.timeLimit = timeLimit
        self.iterations = iterations
        self.seed = seed
    }

    /// Plans an instance, from a previous plan where there is one; an interrupt (Ctrl-C) ends it with the best plan so far.
    func plan(_ instance: Instance, from previous: Plan? = nil) async throws -> Plan {
        let options = options()
        let planning = ContinuousClock.now
        let result = await interruptible { interrupt in
            try Planner(instance, options: options).plan(from: previous, interrupt: interrupt) { progress in
                if Console.showsProgress {
                    Console.progress(
                        "iteration \(progress.iterations): objective \(progress.objective), bound \(progress.bound)")
                }
            }
        }
        if Console.showsProgress { Console.progress("") }
        return try Self.timed(result, (ContinuousClock.now - planning) / .seconds(1))
    }

    /// Plans an instance greedily.
    func greedyPlan(_ instance: Instance) throws -> Plan {
        let began = ContinuousClock.now
        let result = Result { try Planner(instance, options: PlanningOptions(seed: seed)).greedyPlan() }
        return try Self.timed(result, (ContinuousClock.now - began) / .seconds(1))
    }

    /// The plan that a run gave, with the time it took.
    private static func timed(_ result: Result<Plan, any Error>, _ seconds: Double) throws(Failure) -> Plan {
        do {
            var plan = try result.get()
            plan.solver?.seconds = (seconds * 1000).rounded() / 1000
            return plan
        } catch {
            throw Failure(status: .failed, sentence: "\(error)")
        }
    }

    /// Explains a request of a plan; an interrupt (Ctrl-C) ends it with what is found so far.
    func explain(
        _ plan: Plan, of instance: Instance, _ request: RequestID, in unit: UnitID?
    ) async throws -> Explanation {
        let options = options()
        let result = await interruptible { interrupt in
            let explainer = try Explainer(plan, of: instance, options: options)
            guard let unit else { return try explainer.explanation(of: request, interrupt: interrupt) }
            return try explainer.explanation(of: request, in: unit, interrupt: interrupt)
        }
        do {
            return try result.get()
        } catch let error as ExplanationError {
            throw Failure(error)
        }
    }

    private func options() -> PlanningOptions {
        PlanningOptions(
            iterations: iterations, seed: seed,
            secondsLeft: timeLimit.map { limit in
                { @Sendable [began] () -> Double in limit - (ContinuousClock.now - began) / .seconds(1) }
            })
    }

    /// Runs work beside the listening for signals.
    private func interruptible<Success: Sendable>(
        _ body: @escaping @Sendable (Interrupt) throws -> Success
    ) async -> Result<Success, any Error> {
        let interrupt = Interrupt()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let listener = Task {
            for await _ in signals { interrupt.request() }
        }
        defer { listener.cancel() }
        do {
            return .success(try await interrupt.computing(body))
        } catch {
            return .failure(error)
        }
    }
}

extension Failure {
    fileprivate init(_ error: ExplanationError) {
        switch error {
        case .unknownRequest, .unknownUnit, .notItsPlan, .decided, .impossible:
            self.init(status: .badData, sentence: "\(error)")
        case .broken: self.init(status: .checkFailed, sentence: "\(error)")
        case .unlisted, .planning: self.init(status: .failed, sentence: "\(error)")
        }
    }
}
