public import CareChain
public import Foundation

/// A request as it is listed.
public struct RequestSummary: Sendable, Equatable, Codable {
    /// Its identifier.
    public let id: String
    /// Its version, and of the placement that came of it (``Versioned/request(_:)``).
    public let version: Int
    /// Where it is in its flow.
    public let state: RequestState
    /// Since when.
    public let since: Date
    /// How urgent it is.
    public let urgency: Urgency
    /// The number of its victims.
    public let victims: Int
    /// The first day on which it may start.
    public let neededFrom: CalendarDate
    /// The last day on which it may start.
    public let latestStart: CalendarDate
    /// The length of the stay in days.
    public let stayDays: Int
    /// The region that is accountable for its victims.
    public let region: String?
    /// When a place was to be found; nil once there is one.
    public let due: Date?
    /// Whether that is past.
    public let isOverdue: Bool
}

extension RequestSummary {
    /// The place of its urgency in lists; `urgency_rank` says the same.
    var urgencyRank: Int {
        switch urgency {
        case .crisis: 1
        case .urgent: 2
        case .planned: 3
        }
    }
}

/// Which requests are asked for.
public struct RequestFilter: Sendable, Equatable {
    /// In one of these states; empty: those that wait for a place.
    public var states: [RequestState]
    /// Of a region that is accountable.
    public var region: RegionID?
    /// Of an urgency.
    public var urgency: Urgency?
    /// Of a victim.
    public var victim: VictimID?
    /// Only those that wait too long.
    public var overdueOnly: Bool

    /// Makes a filter.
    public init(
        states: [RequestState] = [], region: RegionID? = nil, urgency: Urgency? = nil, victim: VictimID? = nil,
        overdueOnly: Bool = false
    ) {
        self.states = states
        self.region = region
        self.urgency = urgency
        self.victim = victim
        self.overdueOnly = overdueOnly
    }

    /// The states in which a request waits for a place.
    static let waiting: [RequestState] = [.submitted, .unplaced, .proposed, .offered]
}

/// A request with what has come of it.
public struct RequestRecord: Sendable, Equatable, Codable {
    /// A step that was made.
    public struct Step: Sendable, Equatable, Codable {
        /// When.
        public let at: Date
        /// The state before; nil: there was none.
        public let from: RequestState?
        /// The state after.
        public let to: RequestState
        /// Why, where there is more to say than the step.
        public let reason: String?
        /// Who made it; nil: nobody, its time had come.
        public let actor: String?
    }

    /// A day on which the plan had no place for it.
    public struct UnmetDay: Sendable, Equatable, Codable {
        /// The day.
        public let day: CalendarDate
        /// The planner's reasons.
        public let reasons: [String]
    }

    /// How far it is on the way out.
    public struct Outflow: Sendable, Equatable, Codable {
        /// Ready to leave since this day.
        public let readySince: CalendarDate?
        /// The permit's pass was received on this day.
        public let passReceived: CalendarDate?
        /// Registered as a resident on this day.
        public let registered: CalendarDate?
        /// A house was found on this day.
        public let houseFound: CalendarDate?
        /// What blocks today; nil: nothing that was reported.
        public let blockedBy: String?
        /// Since when it does.
        public let blockedSince: CalendarDate?
    }

    /// What is listed of it.
    public let summary: RequestSummary
    /// Its victims' pseudonyms.
    public let victims: [String]
    /// Its steps in order.
    public let steps: [Step]
    /// Its stays in order.
    public let stays: [StayRecord]
    /// The days without a place, with why.
    public let unmet: [UnmetDay]
    /// The numbers of its offers.
    public let offers: [Int]
    /// How far it is on the way out; nil: nothing is on record.
    public let outflow: Outflow?
}

/// A victim in a unit, as it is on record.
public struct StayRecord: Sendable, Equatable, Codable {
    /// The request.
    public let request: String
    /// The victim's pseudonym.
    public let victim: String
    /// The unit.
    public let unit: String
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer there.
    public let until: CalendarDate
    /// How often this placement had been moved when the stay began.
    public let movesMade: Int
    /// Whether the victim came.
    public let arrived: Bool
    /// Rules from which it is exempt.
    public let overrides: [String]
}
