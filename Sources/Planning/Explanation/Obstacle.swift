public import CareChain

/// The first thing that keeps a request out of a unit: which rule, whom it is about and on which day. What people read is
/// its ``sentence(in:)``; programs go by its ``code``.
public indirect enum Obstacle: Sendable, Hashable {
    /// Services that a victim needs are not there.
    case services(VictimID, missing: [String])
    /// The shelter's level is not one that is allowed for a victim.
    case security(VictimID, level: Int, allowed: ClosedRange<Int>)
    /// The shelter lies in a region that a victim must avoid.
    case region(VictimID, RegionID)
    /// A victim must avoid the shelter.
    case shelter(VictimID, ShelterID)
    /// The journey to a victim's investigation is too long (nil: there is no way).
    case investigation(VictimID, minutes: Int?, most: Int)
    /// The unit does not admit a victim's sex.
    case sex(VictimID, Sex)
    /// The unit does not admit so many together.
    case group(size: Int, least: Int, most: Int?)
    /// The unit does not admit a victim's age on a day on which it could begin, nor on any other.
    case age(VictimID, Int, on: Day)
    /// The unit does not admit a victim's phase on a day on which it could begin, nor on any other.
    case phase(VictimID, Phase, on: Day)
    /// The victim who must be together with the others can be nowhere in the unit's shelter; nil: each can, and yet not all
    /// of them fit there together.
    case together(VictimID?)
    /// Nobody may move before a day, and that is too late.
    case hold(until: Day)
    /// No move is left.
    case moves(most: Int)
    /// Beds are short from a day on. Who holds them on days on which they are short, and the first later day from which
    /// on there would be room for the whole stay (nil: none within the horizon).
    case capacity(on: Day, holders: [Holder], freeFrom: Day?)
    /// Another group has the unit.
    case exclusive(on: Day, holders: [Holder])
    /// People of another sex are there; without holders, the request itself is of several.
    case mixing(on: Day, holders: [Holder])
    /// Somebody is there whom a victim must not meet.
    case noContact(VictimID, with: VictimID, on: Day)
    /// Until it may move the request cannot stay in the unit where it is.
    case untilThen(UnitID, Obstacle)
    /// Others of the request would have to be in another unit of the shelter, and cannot.
    case elsewhere(UnitID, Obstacle)
    /// People have decided that the request is elsewhere.
    case fixed
    /// Nothing forbids it: it would cost more than what the plan does.
    case cost

    /// A request that has beds in a unit on days on which another would need them.
    public struct Holder: Sendable, Hashable {
        /// The request.
        public let request: RequestID
        /// How many of its victims are there.
        public let victims: Int
        /// The days on which it is there.
        public let days: Range<Day>
        /// Whether people have decided that already, so that a planner cannot move it.
        public let isFixed: Bool
    }

    /// Its stable code.
    public var code: ReasonCode {
        switch self {
        case .services: .rule(.services)
        case .security: .rule(.security)
        case .region, .shelter: .rule(.avoid)
        case .investigation: .rule(.investigation)
        case .sex, .group, .age, .phase: .rule(.admission)
        case .together: .rule(.together)
        case .hold: .rule(.hold)
        case .moves: .rule(.legs)
        case .capacity: .rule(.capacity)
        case .exclusive: .rule(.exclusive)
        case .mixing: .rule(.mixing)
        case .noContact: .rule(.noContact)
        case .untilThen(_, let obstacle), .elsewhere(_, let obstacle): obstacle.code
        case .fixed: .rule(.fixed)
        case .cost: .cost
        }
    }

    /// The victim whom it is about, where it is about one.
    public var victim: VictimID? {
        switch self {
        case .services(let victim, _), .security(let victim, _, _), .region(let victim, _), .shelter(let victim, _),
            .investigation(let victim, _, _), .sex(let victim, _), .age(let victim, _, _), .phase(let victim, _, _),
            .noContact(let victim, _, _):
            victim
        case .together(let victim): victim
        case .untilThen(_, let obstacle), .elsewhere(_, let obstacle): obstacle.victim
        case .group, .hold, .moves, .capacity, .exclusive, .mixing, .fixed, .cost: nil
        }
    }

    /// The day on which it stands in the way, where it does not do so on every day.
    public var day: Day? {
        switch self {
        case .age(_, _, let day), .phase(_, _, let day), .hold(let day), .capacity(let day, _, _),
            .exclusive(let day, _), .mixing(let day, _), .noContact(_, _, let day):
            day
        case .untilThen(_, let obstacle), .elsewhere(_, let obstacle): obstacle.day
        case .services, .security, .region, .shelter, .investigation, .sex, .group, .together, .moves, .fixed, .cost:
            nil
        }
    }

    /// The unit in which it stands in the way, where that is another than the one asked about.
    public var unit: UnitID? {
        switch self {
        case .untilThen(let unit, _), .elsewhere(let unit, _): unit
        default: nil
        }
    }

    /// Where beds are short, the first later day from which on there would be room for the whole stay.
    var freeFrom: Day? {
        switch self {
        case .capacity(_, _, let day): day
        case .elsewhere(_, let obstacle): obstacle.freeFrom
        default: nil
        }
    }

    /// Who holds the unit, where others do.
    public var holders: [Holder] {
        switch self {
        case .capacity(_, let holders, _), .exclusive(_, let holders), .mixing(_, let holders): holders
        case .untilThen(_, let obstacle), .elsewhere(_, let obstacle): obstacle.holders
        default: []
        }
    }
}
