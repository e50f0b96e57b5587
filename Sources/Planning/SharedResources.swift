import CareChain

/// What requests share day by day, each with a capacity: the beds of a unit, the one place for a request in an exclusive
/// unit, and for each no-contact pair the one place for either of the two in each unit, shelter or region.
struct SharedResources {
    private let situation: Situation
    /// The resource of the presence in each unit; nil where the unit is not exclusive.
    let presence: [Int?]
    /// For each request its victims in no-contact pairs with victims of other open requests.
    private let contacts: [[Contact]]
    /// The pairs, and the resource of each pair's first place; the others follow.
    private let pairs: [Pair]
    /// The number of resources.
    let count: Int
    /// The number of those of units, which come first.
    let ofUnits: Int

    /// So much of a resource on consecutive days.
    struct Use {
        let resource: Int
        let from: Int
        let until: Int
        let amount: Int
    }

    private struct Contact {
        let pair: Int
        let victim: Int
    }

    private struct Pair {
        let scope: ContactScope
        let first: Int
        let places: Int
        let members: [(request: Int, victim: Int)]
    }

    /// What a resource is.
    enum Kind {
        case beds(unit: Int)
        case presence(unit: Int)
        /// The members of a no-contact pair (the place of a request and that of the victim in it), and where.
        case contact(ContactScope, place: Int, members: [(request: Int, victim: Int)])
    }

    init(_ situation: Situation, _ requests: [OpenRequest]) {
        self.situation = situation
        let instance = situation.instance
        var count = instance.units.count
        var presence = [Int?](repeating: nil, count: instance.units.count)
        for unit in instance.units.indices where instance.units[unit].exclusive {
            presence[unit] = count
            count += 1
        }
        ofUnits = count
        var holder: [Int: (request: Int, victim: Int)] = [:]
        for (r, request) in requests.enumerated() {
            for (n, victim) in request.victims.enumerated() { holder[victim] = (r, n) }
        }
        var contacts = [[Contact]](repeating: [], count: requests.count)
        var pairs: [Pair] = []
        for pair in situation.openPairs {
            guard let a = holder[pair.a], let b = holder[pair.b] else { continue }
            let places =
                switch pair.scope {
                case .unit: instance.units.count
                case .shelter: instance.shelters.count
                case .region: instance.regions.count
                }
            for (request, victim) in [a, b] { contacts[request].append(Contact(pair: pairs.count, victim: victim)) }
            pairs.append(Pair(scope: pair.scope, first: count, places: places, members: [a, b]))
            count += places
        }
        self.presence = presence
        self.contacts = contacts
        self.pairs = pairs
        self.count = count
    }

    /// What a resource is.
    func kind(of resource: Int) -> Kind {
        if resource < presence.count { return .beds(unit: resource) }
        if let pair = pairs.last(where: { $0.first <= resource }) {
            return .contact(pair.scope, place: resource - pair.first, members: pair.members)
        }
        return .presence(unit: presence.firstIndex(of: resource) ?? 0)
    }

    /// The resource that the victims of a pair share in a place; nil where they are no pair there.
    func contact(of a: (request: Int, victim: Int), _ b: (request: Int, victim: Int), in id: String) -> Int? {
        for pair in pairs {
            let members = pair.members
            guard members[0] == a && members[1] == b || members[0] == b && members[1] == a else { continue }
            let instance = situation.instance
            let place =
                switch pair.scope {
                case .unit: instance.unitIndex[UnitID(id)]
                case .shelter: instance.shelterIndex[ShelterID(id)]
                case .region: instance.regionIndex[RegionID(id)]
                }
            // The same two may be kept apart in other places as well.
            if let place { return pair.first + place }
        }
        return nil
    }

    /// How much there is of a resource on a day.
    func capacity(of resource: Int, on day: Int) -> Int {
        resource < presence.count ? Int(situation.bedsLeft[resource * situation.days + day]) : 1
    }

    /// What a trajectory of a request uses.
    func uses(of trajectory: Trajectory, _ request: OpenRequest) -> [Use] {
        var uses: [Use] = []
        for (n, leg) in trajectory.legs.enumerated() {
            for part in request.lodging(of: leg, at: n).parts {
                uses.append(Use(resource: part.unit, from: leg.from, until: leg.until, amount: part.beds))
                if let resource = presence[part.unit] {
                    uses.append(Use(resource: resource, from: leg.from, until: leg.until, amount: 1))
                }
            }
            for contact in contacts[trajectory.request] {
                let pair = pairs[contact.pair]
                let place = situation.place(of: leg.units[contact.victim], scope: pair.scope)
                uses.append(Use(resource: pair.first + place, from: leg.from, until: leg.until, amount: 1))
            }
        }
        return uses
    }
}
