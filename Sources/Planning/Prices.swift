import CareChain

/// What the master problem charges for what requests share: its duals, all at least 0, in points.
struct Prices {
    /// Per bed of a unit on a day, `unit * days + day`.
    var beds: [Double]
    /// Per request in an exclusive unit on a day; empty for other units.
    var presence: [[Double]]
    /// Per cent of a funder's budget.
    var cents: [Double]
    /// What one request pays for being somewhere on a day, by its place among the open ones.
    var extras: [[Extra]]
    /// Beds that cannot be had at any price are those above what is left here; nil: all have a price.
    var bedsLeft: [Int32]?

    /// A price that no trajectory is worth.
    static let prohibitive = 1e12

    /// A price of one request, or of one of its victims, for being somewhere on a day.
    struct Extra {
        let who: Who
        let scope: ContactScope
        /// The place of the unit, shelter or region.
        let place: Int
        let day: Int
        let price: Double
    }

    /// Who of a request pays an extra price.
    enum Who {
        /// The victim with this place within the request.
        case victim(Int)
        /// The request, once, when victims of this sex are there.
        case sex(Sex)
    }

    /// Nothing costs anything.
    init(in situation: Situation, open: Int) {
        let instance = situation.instance
        beds = .init(repeating: 0, count: instance.units.count * situation.days)
        presence = instance.units.map { $0.exclusive ? .init(repeating: 0, count: situation.days) : [] }
        cents = .init(repeating: 0, count: instance.funders.count)
        extras = .init(repeating: [], count: open)
    }
}
