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

    /// Plans an instance; an interrupt (Ctrl-C) ends it with the best plan so far.
    func plan(_ instance: Instance) async throws -> Plan {
        let began = ContinuousClock.now
        let seconds: @Sendable () -> Double = { (ContinuousClock.now - began) / .seconds(1) }
        let options = PlanningOptions(
            iterations: iterations, seed: seed,
            secondsLeft: timeLimit.map { limit in { @Sendable () -> Double in limit - seconds() } })
        let interrupt = Interrupt()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let listener = Task {
            for await _ in signals { interrupt.request() }
        }
        defer { listener.cancel() }

        let planning = Task.detached {
            try Planner(instance, options: options).plan(interrupt: interrupt) { progress in
                if Console.showsProgress {
                    Console.progress(
                        "iteration \(progress.iterations): objective \(progress.objective), bound "
                            + "\(progress.bound.map(String.init) ?? "unknown")")
                }
            }
        }
        let result = await planning.result
        if Console.showsProgress { Console.progress("") }
        return try Self.timed(result, seconds())
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
}
