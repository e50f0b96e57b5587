public import CareChain

/// Why a request is where it is in a plan, or has no place, and what could be otherwise.
public struct Explanation: Sendable, Equatable {
    /// What the plan makes of a request.
    public enum Standing: String, CaseIterable, Sendable {
        /// The plan places it.
        case placed
        /// The plan leaves it without a place.
        case unplaced
        /// It stays where it is: people have locked it.
        case locked
        /// It goes where people have agreed.
        case committed
    }

    /// The request.
    public let request: RequestID
    /// What the plan makes of it.
    public let standing: Standing
    /// Its stays; none when it has no place.
    public let stays: [Stay]
    /// What it costs in the plan, item by item, its shares of passed budgets included.
    public let costs: [CostItem]
    /// The best other ways for it beside all others as they are, the cheapest first.
    public internal(set) var alternatives: [Alternative] = []
    /// Of one without a place: what closes which units, those of most units first.
    public internal(set) var reasons: [BlockedUnits] = []
    /// Of one without a place: what could be changed so that it has one.
    public internal(set) var unlocking: Unlocking?
    /// Why it is not in the unit that was asked about.
    public internal(set) var unit: UnitExplanation?
    /// Whether the clock or an interrupt ended the search, so that another run may tell more.
    public internal(set) var isCut = false

    init(request: RequestID, standing: Standing, stays: [Stay], costs: [CostItem]) {
        self.request = request
        self.standing = standing
        self.stays = stays
        self.costs = costs
    }
}

/// Another way for a request beside all others as they are.
public struct Alternative: Sendable, Equatable {
    /// The stays of the request.
    public let stays: [Stay]
    /// What the whole plan would cost more, in points; less than 0 where it would cost less.
    public let extraCost: Int
    /// The same, term by term.
    public let difference: Costs
}

/// Another plan in which a request has another place, and what it does to others.
public struct Consequence: Sendable, Equatable {
    /// The plan; it keeps every rule of its instance.
    public let plan: Plan
    /// What it costs more than the plan explained, in points; less than 0 where it costs less.
    public let objectiveChange: Int
    /// The stays of the request in it.
    public let stays: [Stay]
    /// The other requests whose stays differ.
    public let others: [Displaced]

    /// Another request whose stays differ.
    public struct Displaced: Sendable, Equatable {
        /// The request.
        public let request: RequestID
        /// Its stays in the plan explained; none: it had no place.
        public let before: [Stay]
        /// Its stays in the other plan; none: it has no place there.
        public let after: [Stay]
    }
}

/// Why a request is not in a unit.
public struct UnitExplanation: Sendable, Equatable {
    /// The unit.
    public let unit: UnitID
    /// Whether it is there in the plan.
    public let isThere: Bool
    /// The first thing that keeps it out beside all others as they are; nil: nothing does.
    public let obstacle: Obstacle?
    /// The cheapest way for it to be there (for its whole stay, or for one who is elsewhere now from some day to its end)
    /// beside all others as they are; nil: none was found.
    public let beside: Alternative?
    /// The cheapest plan found with the request there, others going elsewhere where that helps; nil: none was
    /// found.
    public let consequence: Consequence?
}

/// What could be changed so that a request has a place. Each was tried: it comes with the plan it gives.
public struct Unlocking: Sendable, Equatable {
    /// Changes that put nobody at risk, the cheapest plan first: single ones, or where none helps the cheapest pair.
    public let suggestions: [Suggestion]
    /// Changes of which one gives up what protects somebody. They are told apart so that none is suggested first.
    public let dangerous: [Suggestion]

    /// Changes and the plan that they give.
    public struct Suggestion: Sendable, Equatable {
        /// One change, or two that only help together. `Instance.changed(by:)` makes them.
        public let changes: [Change]
        /// The plan of the changed instance.
        public let consequence: Consequence

        /// Whether one of the changes gives up what protects somebody.
        public var isDangerous: Bool { changes.contains { $0.kind.isDangerous } }
    }
}
