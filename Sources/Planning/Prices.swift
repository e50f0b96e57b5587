import CareChain

/// What the master problem charges for what requests share: its duals, all at least 0, in points.
struct Prices {
    /// Per bed of a unit on a day, `unit * days + day`.
    var beds: [Double]
    /// The days of the horizon.
    private let days: Int
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

    /// Sets the price of a resource on a day, which had none.
    mutating func set(_ price: Double, of kind: SharedResources.Kind, on day: Int) {
        switch kind {
        case .beds(let unit): beds[unit * days + day] = price
        case .presence(let unit): presence[unit][day] = price
        case .contact(let scope, let place, let members):
            for (request, victim) in members {
                extras[request].append(.init(who: .victim(victim), scope: scope, place: place, day: day, price: price))
            }
        }
    }

    /// Nothing costs anything.
    init(in situation: Situation, open: Int) {
        days = situation.days
        let instance = situation.instance
        beds = .init(repeating: 0, count: instance.units.count * situation.days)
        presence = instance.units.map { $0.exclusive ? .init(repeating: 0, count: situation.days) : [] }
        cents = .init(repeating: 0, count: instance.funders.count)
        extras = .init(repeating: [], count: open)
    }
}

extension Prices {
    /// What one more bed would save: equal neighbouring days merged.
    func ofBeds(in situation: Situation) -> [BedPrice] {
        let days = situation.days
        var merged: [BedPrice] = []
        for (unit, site) in situation.instance.units.enumerated() {
            var from = 0
            while from < days {
                let price = Self.rounded(beds[unit * days + from])
                var until = from + 1
                while until < days, Self.rounded(beds[unit * days + until]) == price { until += 1 }
                if price > 0 { merged.append(BedPrice(unit: site.id, days: Day(from)..<Day(until), price: price)) }
                from = until
            }
        }
        return merged
    }

    /// What one more euro of budget would save.
    func ofBudgets(in situation: Situation) -> [BudgetPrice] {
        situation.instance.funders.enumerated().filter { $1.budget != nil && cents[$0] > 0 }.map {
            BudgetPrice(funder: $1.id, price: (cents[$0] * 1e8).rounded() / 1e6)
        }
    }

    /// A price to the hundredth of a point.
    static func rounded(_ price: Double) -> Double { (price * 100).rounded() / 100 }
}
