import CareChain

/// What chosen trajectories take of what requests share, for heuristics that place one request after another.
struct Occupancy {
    private let situation: Situation
    private let requests: [OpenRequest]
    private(set) var bedsLeft: [Int32]
    /// How many open requests are in an exclusive unit, and victims of each sex in a single-sex unit, per day.
    private var presence: [[Int32]]
    private var sexes: [[[Int32]]]
    private var spent: [Int]
    private(set) var chosen: [Trajectory?]
    /// For each open request its victims in no-contact pairs with victims of other open requests.
    private let contacts: [[Contact]]

    struct Contact {
        let victim: Int
        let scope: ContactScope
        let otherRequest: Int
        let otherVictim: Int
    }

    init(_ situation: Situation, _ requests: [OpenRequest]) {
        self.situation = situation
        self.requests = requests
        bedsLeft = situation.bedsLeft
        let units = situation.instance.units
        presence = units.map { $0.exclusive ? .init(repeating: 0, count: situation.days) : [] }
        sexes = units.map {
            $0.mixing == .singleSex
                ? .init(repeating: .init(repeating: 0, count: situation.days), count: Sex.allCases.count) : []
        }
        spent = situation.spentByFixed
        chosen = .init(repeating: nil, count: requests.count)
        contacts = Self.contacts(situation, requests)
    }

    static func contacts(_ situation: Situation, _ requests: [OpenRequest]) -> [[Contact]] {
        var contacts = [[Contact]](repeating: [], count: requests.count)
        var holder: [Int: (request: Int, victim: Int)] = [:]
        for (r, request) in requests.enumerated() {
            for (n, victim) in request.victims.enumerated() { holder[victim] = (r, n) }
        }
        for pair in situation.openPairs {
            guard let a = holder[pair.a], let b = holder[pair.b] else { continue }
            contacts[a.request].append(
                Contact(victim: a.victim, scope: pair.scope, otherRequest: b.request, otherVictim: b.victim))
            contacts[b.request].append(
                Contact(victim: b.victim, scope: pair.scope, otherRequest: a.request, otherVictim: a.victim))
        }
        return contacts
    }

    mutating func choose(_ trajectory: Trajectory) {
        chosen[trajectory.request] = trajectory
        add(trajectory, 1)
    }

    /// Chooses a trajectory if it breaks nothing that requests share; tells whether it did.
    mutating func chooseIfFits(_ trajectory: Trajectory) -> Bool {
        choose(trajectory)
        if keepsWhatIsShared(trajectory) { return true }
        withdraw(trajectory.request)
        return false
    }

    /// Whether a trajectory of a request without a place breaks nothing that requests share.
    mutating func fits(_ trajectory: Trajectory) -> Bool {
        defer { withdraw(trajectory.request) }
        return chooseIfFits(trajectory)
    }

    /// Whether a chosen trajectory is nowhere too much, or where another's presence forbids it. (Budgets cost, but do not
    /// forbid.)
    private func keepsWhatIsShared(_ trajectory: Trajectory) -> Bool {
        let request = requests[trajectory.request]
        for (n, leg) in trajectory.legs.enumerated() {
            for part in request.lodging(of: leg, at: n).parts {
                let unitDay = part.unit * situation.days
                for day in leg.from..<leg.until {
                    if bedsLeft[unitDay + day] < 0 { return false }
                    if !presence[part.unit].isEmpty, presence[part.unit][day] > 1 { return false }
                    if !sexes[part.unit].isEmpty, sexes[part.unit].count(where: { $0[day] > 0 }) > 1 { return false }
                }
            }
        }
        for contact in contacts[trajectory.request] {
            guard let other = chosen[contact.otherRequest] else { continue }
            for leg in trajectory.legs {
                let place = situation.place(of: leg.units[contact.victim], scope: contact.scope)
                for otherLeg in other.legs where leg.from < otherLeg.until && otherLeg.from < leg.until {
                    if situation.place(of: otherLeg.units[contact.otherVictim], scope: contact.scope) == place {
                        return false
                    }
                }
            }
        }
        return true
    }

    mutating func withdraw(_ request: Int) {
        guard let trajectory = chosen[request] else { return }
        chosen[request] = nil
        add(trajectory, -1)
    }

    private mutating func add(_ trajectory: Trajectory, _ sign: Int32) {
        let request = requests[trajectory.request]
        let days = situation.days
        for (n, leg) in trajectory.legs.enumerated() {
            for part in request.lodging(of: leg, at: n).parts {
                for day in leg.from..<leg.until { bedsLeft[part.unit * days + day] -= sign * Int32(part.beds) }
                if !presence[part.unit].isEmpty {
                    for day in leg.from..<leg.until { presence[part.unit][day] += sign }
                }
                if !sexes[part.unit].isEmpty {
                    for day in leg.from..<leg.until { sexes[part.unit][part.sex.place][day] += sign }
                }
            }
        }
        for spending in trajectory.spending { spent[spending.funder] += Int(sign) * spending.cents }
    }

    /// The number of funders whose budget is spent.
    var exhaustedBudgets: Int {
        situation.instance.funders.indices.count { f in
            situation.instance.funders[f].budget.map { spent[f] >= $0.amount } ?? false
        }
    }

    /// The prices at which each of some requests finds what is left free, or at other prices, and the rest out of reach.
    func prices(for some: [Int], over prices: Prices? = nil) -> Prices {
        var prices = self.prices(over: prices ?? Prices(in: situation, open: requests.count))
        for r in some { addExtras(of: r, to: &prices) }
        return prices
    }

    /// The same for anybody, but for those whom a request must not meet.
    func prices(over prices: Prices) -> Prices {
        var prices = prices
        prices.bedsLeft = bedsLeft
        for unit in presence.indices where !presence[unit].isEmpty {
            for day in 0..<situation.days where presence[unit][day] > 0 {
                prices.presence[unit][day] = Prices.prohibitive
            }
        }
        for (f, funder) in situation.instance.funders.enumerated() {
            if let budget = funder.budget, spent[f] >= budget.amount {
                prices.cents[f] = Double(situation.instance.weights.overBudgetEuro) / 100
            }
        }
        return prices
    }

    /// Adds the prices that keep a request away from those whom it must not meet.
    private func addExtras(of r: Int, to prices: inout Prices) {
        let request = requests[r]
        for unit in sexes.indices where !sexes[unit].isEmpty {
            for sex in Sex.allCases {
                for day in request.span where sexes[unit][sex.place][day] > 0 {
                    for other in Sex.allCases where other != sex {
                        prices.extras[r].append(
                            .init(who: .sex(other), scope: .unit, place: unit, day: day, price: Prices.prohibitive))
                    }
                }
            }
        }
        for contact in contacts[r] {
            guard let other = chosen[contact.otherRequest] else { continue }
            for leg in other.legs {
                let unit = leg.units[contact.otherVictim]
                for day in leg.from..<leg.until {
                    prices.extras[r].append(
                        .init(
                            who: .victim(contact.victim), scope: contact.scope,
                            place: situation.place(of: unit, scope: contact.scope), day: day,
                            price: Prices.prohibitive))
                }
            }
        }
    }
}
