public import CareChain
public import Foundation

/// What a planner was told, beside the instance.
public struct RunLimits: Sendable, Equatable {
    /// The seed.
    public let seed: Int
    /// The most seconds; nil: no limit.
    public let seconds: Double?
    /// The most iterations; nil: no limit.
    public let iterations: Int?

    /// Makes limits.
    public init(seed: Int, seconds: Double? = nil, iterations: Int? = nil) {
        self.seed = seed
        self.seconds = seconds
        self.iterations = iterations
    }
}

/// A plan that was made and kept: when, of which days, how, and how good it is.
public struct PlanRun: Sendable, Equatable {
    /// Its number.
    public let id: Int
    /// When it was kept.
    public let keptAt: Date
    /// The days it covers.
    public let horizon: Horizon
    /// What the planner was told.
    public let limits: RunLimits
    /// The version of the planner.
    public let version: String
    /// The solver of the linear programs and its version.
    public let engine: String
    /// How long planning took, in seconds.
    public let seconds: Double
    /// What is known of the plan's quality.
    public let status: SolverReport.Status
    /// Whether the clock or an interrupt ended it, so that a replay may give another plan.
    public let cut: Bool
    /// What the plan costs, in points of the objective.
    public let objective: Int
    /// What no plan can cost less than; nil when not known.
    public let bound: Int?
    /// The requests that it proposes a place for.
    public let placed: Int
    /// The requests that it has no place for.
    public let unplaced: Int
    /// When facts of erased victims were taken out of its input and output; nil: they are as they were.
    public let blankedAt: Date?
}

/// A run with its input and its output, byte for byte.
public struct KeptRun: Sendable, Equatable {
    /// The run.
    public let run: PlanRun
    /// The instance as planned (`onderdak-instance/1`).
    public let instance: [UInt8]
    /// The plan (`onderdak-plan/1`).
    public let plan: [UInt8]
}

/// What a run proposes for a request that nobody has decided on yet.
public struct Proposal: Sendable, Equatable {
    /// What is proposed.
    public enum Outcome: Sendable, Equatable {
        /// These stays, by victim and date.
        case stays([ProposedStay])
        /// No place, and why.
        case unplaced([Reason])
    }

    /// The request.
    public let request: RequestID
    /// What is proposed for it.
    public let outcome: Outcome
}

/// A proposed stay of a victim in a unit, `[from, until)`.
public struct ProposedStay: Sendable, Equatable {
    /// The victim.
    public let victim: VictimID
    /// The unit.
    public let unit: UnitID
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer there.
    public let until: CalendarDate
}
