import CoreMetrics
import Ledger
import Metrics
import Postgres

/// The figures that are asked for when they are read: the connections, and the planner's queue.
struct DatabaseFigures {
    let metrics: MetricsRegistry
    let ledger: Ledger

    func gather() async {
        let connections = ledger.pool.statistics
        set("database_connections", connections.leased, [("state", "leased")])
        set("database_connections", connections.idle, [("state", "idle")])
        set("database_callers_waiting", connections.waiting)
        let readiness = try? await ledger.readiness()
        set("database_up", readiness == nil ? 0 : 1)
        if let readiness {
            set("plan_jobs_waiting", readiness.waitingJobs)
            Gauge(label: "plan_jobs_oldest_seconds", dimensions: [], factory: metrics)
                .record(readiness.oldestJobSeconds)
        }
    }

    private func set(_ name: String, _ value: Int, _ labels: [(String, String)] = []) {
        Gauge(label: name, dimensions: labels, factory: metrics).record(value)
    }
}
