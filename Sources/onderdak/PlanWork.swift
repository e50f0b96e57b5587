import CareChain
import Foundation
import Ledger
import Logging
import ServiceLifecycle

/// Makes the plans that were asked for. Several may work at once: who dies over a plan is replaced, because after 30
/// seconds without a heartbeat another takes it.
struct PlanWork {
    let ledger: Ledger
    private let worker = PlanWorker()

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// What came of a job.
    enum Outcome: CustomStringConvertible {
        case run(Int)
        case takenOver
        case failed(String)

        var description: String {
            switch self {
            case .run(let run): "run \(run)"
            case .takenOver: "taken over by another planner"
            case .failed(let reason): reason
            }
        }
    }

    /// Makes the oldest plan that nobody makes; an interrupt ends it with the best so far.
    ///
    /// - Returns: The number of its job and what came of it; nil: there was none.
    /// - Throws: ``Ledger/LedgerError`` when the database could not be used.
    func next() async throws -> (job: Int, outcome: Outcome)? {
        guard let job = try await ledger.takePlanJob(worker) else { return nil }
        let (ledger, worker) = (ledger, worker)
        let heart = Task {
            while try await ledger.beat(worker, on: job.id) { try await Task.sleep(for: .seconds(5)) }
        }
        defer { heart.cancel() }
        do {
            try await ledger.sweep()
            let instance = try await ledger.instance(on: job.horizon.start, days: job.horizon.days)
            let plan = try await PlanningSession(
                timeLimit: job.limits.seconds, iterations: job.limits.iterations, seed: job.limits.seed
            ).plan(instance)
            let run = try await ledger.finish(job, worker, with: plan, of: instance)
            return (job.id, run.map { .run($0) } ?? .takenOver)
        } catch {
            // What is the database's passes; a job that cannot be planned would fail the next planner too.
            if case LedgerError.database = error { throw error }
            if error is CancellationError { throw error }
            try await ledger.fail(job, worker, because: "\(error)")
            return (job.id, .failed("\(error)"))
        }
    }
}

/// Makes plans until it is told to stop; the one under way is then ended with the best so far.
struct PlanWorkService: Service {
    let work: PlanWork
    let logger: Logger

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                if let (job, outcome) = try await work.next() {
                    logger.info("plan", metadata: ["job": "\(job)", "outcome": "\(outcome)"])
                    continue
                }
            } catch {
                logger.warning("plans could not be made: \(error)")
            }
            // The queue has no bell: planners look for themselves.
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(2)) }
        }
    }
}
