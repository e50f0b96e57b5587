/// A plan (`onderdak-plan/1`): who stays where from when until when, who waits, who pays, and how good it is.
public struct Plan: Sendable, Equatable {
    /// The name of the instance that it plans.
    public var instance: String
    /// The stays; those of one victim, in order of days, are legs.
    public var stays: [Stay]
    /// The requests without a place.
    public var unplaced: [Unplaced]
    /// Who pays for whom on which days.
    public var funding: [FundingPeriod]
    /// What it costs, in points of the objective; nil when not stated.
    public var objective: Int?
    /// What no plan can cost less than; nil when not known.
    public var bound: Int?
    /// What one more bed would save; nil when not stated.
    public var prices: [BedPrice]?
    /// What one more euro of budget would save; nil when not stated. A remark of this planner's, from which it starts again.
    public var budgetPrices: [BudgetPrice]?
    /// What else that requests share costs; nil when not stated. A remark of this planner's, from which it starts again.
    public var sharedPrices: [SharedPrice]?
    /// How it came about; nil when not stated.
    public var solver: SolverReport?

    /// Makes a plan.
    public init(
        instance: String, stays: [Stay], unplaced: [Unplaced] = [], funding: [FundingPeriod] = [],
        objective: Int? = nil, bound: Int? = nil, prices: [BedPrice]? = nil, budgetPrices: [BudgetPrice]? = nil,
        sharedPrices: [SharedPrice]? = nil, solver: SolverReport? = nil
    ) {
        self.instance = instance
        self.stays = stays
        self.unplaced = unplaced
        self.funding = funding
        self.objective = objective
        self.bound = bound
        self.prices = prices
        self.budgetPrices = budgetPrices
        self.sharedPrices = sharedPrices
        self.solver = solver
    }
}

/// A victim in a unit on consecutive days: one leg.
public struct Stay: Sendable, Hashable {
    /// The request of the victim.
    public let request: RequestID
    /// The victim.
    public let victim: VictimID
    /// The unit.
    public let unit: UnitID
    /// The first day. A plan that breaks rules may have it after `until`, so the two are no range.
    public let from: Day
    /// The first day no longer there.
    public let until: Day

    /// Makes a stay.
    public init(request: RequestID, victim: VictimID, unit: UnitID, from: Day, until: Day) {
        self.request = request
        self.victim = victim
        self.unit = unit
        self.from = from
        self.until = until
    }
}

/// A request without a place, and why.
public struct Unplaced: Sendable, Equatable {
    /// The request.
    public let request: RequestID
    /// Why it has no place.
    public let reasons: [Reason]

    /// Makes an entry.
    public init(request: RequestID, reasons: [Reason]) {
        self.request = request
        self.reasons = reasons
    }
}

/// Why something is so: a stable code for programs and a sentence for people.
public struct Reason: Sendable, Hashable {
    /// The code, `no-capacity` for example.
    public let code: String
    /// The sentence.
    public let detail: String

    /// Makes a reason.
    public init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }
}

/// Consecutive days of one victim with the same payer.
public struct FundingPeriod: Sendable, Hashable {
    /// The victim.
    public let victim: VictimID
    /// Who pays; nil: nobody.
    public let funder: FunderID?
    /// The first day.
    public let from: Day
    /// The first day no longer in it.
    public let until: Day

    /// Makes a period.
    public init(victim: VictimID, funder: FunderID?, from: Day, until: Day) {
        self.victim = victim
        self.funder = funder
        self.from = from
        self.until = until
    }
}

/// What one more bed in a unit would save on any one of some consecutive days, by the linear program's duals.
public struct BedPrice: Sendable, Equatable {
    /// The unit.
    public let unit: UnitID
    /// The days.
    public let days: Range<Day>
    /// Points of the objective per bed and day; a finite number.
    public let price: Double

    /// Makes a price.
    public init(unit: UnitID, days: Range<Day>, price: Double) {
        precondition(price.isFinite, "a price is a finite number")
        self.unit = unit
        self.days = days
        self.price = price
    }
}

/// What one more euro of a funder's budget would save, by the linear program's duals.
public struct BudgetPrice: Sendable, Equatable {
    /// The funder.
    public let funder: FunderID
    /// Points of the objective per euro; a finite number.
    public let price: Double

    /// Makes a price.
    public init(funder: FunderID, price: Double) {
        precondition(price.isFinite, "a price is a finite number")
        self.funder = funder
        self.price = price
    }
}

/// What being somewhere costs, beside beds and budgets, on each of some consecutive days, by the linear program's duals.
public struct SharedPrice: Sendable, Equatable {
    /// What only one can have.
    public enum Subject: Sendable, Hashable {
        /// An exclusive unit, as the one request that is in it.
        case exclusiveUse(UnitID)
        /// The unit, shelter or region with this id, as the one of two victims who may have no contact.
        case presence(of: VictimID, or: VictimID, in: String)
        /// A single-sex unit, for a request with victims of this sex.
        case sex(Sex, of: RequestID, in: UnitID)
    }

    /// What it is a price of.
    public let subject: Subject
    /// The days.
    public let days: Range<Day>
    /// Points of the objective per day; a finite number.
    public let price: Double

    /// Makes a price.
    public init(subject: Subject, days: Range<Day>, price: Double) {
        precondition(price.isFinite, "a price is a finite number")
        self.subject = subject
        self.days = days
        self.price = price
    }
}

/// How a plan came about. Only the status is known of every planner's plans.
public struct SolverReport: Sendable, Equatable {
    /// What is known of a plan's quality; another planner may have words of its own.
    public struct Status: RawRepresentable, Sendable, Hashable {
        /// The word as it stands in the file.
        public let rawValue: String

        /// Makes a status of a word.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// No plan costs less: the bound equals the objective.
        public static let optimal = Status(rawValue: "optimal")
        /// A plan that keeps every rule; others may cost less, down to the bound.
        public static let feasible = Status(rawValue: "feasible")
    }

    /// What is known of the plan's quality.
    public let status: Status
    /// How long planning took, in seconds; a finite number.
    public var seconds: Double?
    /// Whether the clock or an interrupt ended it, so that another run may give another plan.
    public var cut: Bool?
    /// The seed.
    public let seed: Int?
    /// The version of the planner.
    public let version: String?
    /// The solver of the linear programs and its version.
    public let engine: String?

    /// Makes a report.
    public init(
        status: Status, seconds: Double? = nil, cut: Bool? = nil, seed: Int? = nil, version: String? = nil,
        engine: String? = nil
    ) {
        precondition(seconds?.isFinite ?? true, "seconds are a finite number")
        self.status = status
        self.seconds = seconds
        self.cut = cut
        self.seed = seed
        self.version = version
        self.engine = engine
    }
}
