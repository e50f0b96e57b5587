import CareChain

/// The prices of a plan: how they are told, and what they are to the master problem of another.
extension MasterProblem {
    /// The prices that a plan states, as far as there still is what they are of; nil where it states none. Nothing is said of
    /// requests.
    func duals(statedBy plan: Plan) -> Duals? {
        guard let prices = plan.prices else { return nil }
        let instance = situation.instance
        let horizon = Day(0)..<Day(situation.days)
        var charges = Charges()
        for price in plan.budgetPrices ?? [] {
            guard let funder = instance.funderIndex[price.funder], budgetedFunders.contains(funder) else { continue }
            charges.perEuro[funder] = price.price
        }
        // Beyond what leaving everybody unplaced costs, more says no more.
        let most = 1 + Double(requests.reduce(0) { $0 + $1.unplacedPoints })
        func bounded(_ price: Double) -> Double { min(max(0, price), most) }
        var ofResources: [Int: [Double]] = [:]
        func set(_ price: Double, of resource: Int, on days: Range<Day>) {
            for day in days.clamped(to: horizon) {
                // Where there is none nobody can be, whatever it costs.
                if shared.capacity(of: resource, on: day.number) <= 0 { continue }
                ofResources[resource, default: .init(repeating: 0, count: situation.days)][day.number] = bounded(price)
            }
        }
        for price in prices {
            if let unit = instance.unitIndex[price.unit] { set(price.price, of: unit, on: price.days) }
        }
        let place = Dictionary(uniqueKeysWithValues: requests.enumerated().map { ($1.request.id, $0) })
        var holder: [VictimID: (request: Int, victim: Int)] = [:]
        for (r, request) in requests.enumerated() {
            for (n, victim) in request.request.victims.enumerated() { holder[victim] = (r, n) }
        }
        for price in plan.sharedPrices ?? [] {
            switch price.subject {
            case .exclusiveUse(let id):
                if let unit = instance.unitIndex[id], let resource = shared.presence[unit] {
                    set(price.price, of: resource, on: price.days)
                }
            case .presence(let a, let b, let id):
                if let a = holder[a], let b = holder[b], let resource = shared.contact(of: a, b, in: id) {
                    set(price.price, of: resource, on: price.days)
                }
            case .sex(let sex, let id, let unit):
                guard let unit = instance.unitIndex[unit], instance.units[unit].mixing == .singleSex,
                    let request = place[id]
                else { continue }
                for day in price.days.clamped(to: horizon) {
                    charges.ofClaims[UnitDay(unit: unit, day: day.number), default: [:]][
                        Claim(request: request, sex: sex)] = bounded(price.price)
                }
            }
        }
        charges.ofResources = ofResources.sorted { $0.key < $1.key }.map { ($0.key, $0.value[...]) }
        return duals(at: charges, requests: .init(repeating: 0, count: requests.count))
    }

    /// The prices at some duals of all but beds and budgets, equal ones of neighbouring days merged.
    func sharedPrices(at duals: Duals) -> [SharedPrice] {
        let instance = situation.instance
        var found: [SharedPrice] = []
        for resource in duals.days.indices where !duals.days[resource].isEmpty {
            switch shared.kind(of: resource) {
            case .beds: continue
            case .presence(let unit):
                found += Self.merged(duals.prices(of: resource), of: .exclusiveUse(instance.units[unit].id))
            case .contact(let scope, let place, let members):
                let victims = members.map { requests[$0.request].request.victims[$0.victim] }
                let id =
                    switch scope {
                    case .unit: instance.units[place].id.text
                    case .shelter: instance.shelters[place].id.text
                    case .region: instance.regions[place].id.text
                    }
                found += Self.merged(
                    duals.prices(of: resource), of: .presence(of: victims[0], or: victims[1], in: id))
            }
        }
        var ofClaims: [SharedPrice.Subject: [(day: Int, price: Double)]] = [:]
        var subjects: [SharedPrice.Subject] = []
        for (unitDay, claims) in duals.claims.sorted(by: { $0.key < $1.key }) {
            for (claim, price) in claims.sorted(by: { $0.key < $1.key }) {
                let subject = SharedPrice.Subject.sex(
                    claim.sex, of: requests[claim.request].request.id, in: instance.units[unitDay.unit].id)
                if ofClaims[subject] == nil { subjects.append(subject) }
                ofClaims[subject, default: []].append((unitDay.day, price))
            }
        }
        for subject in subjects { found += Self.merged(ofClaims[subject] ?? [], of: subject) }
        return found
    }

    private static func merged(
        _ prices: [(day: Int, price: Double)], of subject: SharedPrice.Subject
    ) -> [SharedPrice] {
        var found: [SharedPrice] = []
        for (day, price) in prices {
            let price = Prices.rounded(price)
            if price == 0 { continue }
            if let last = found.last, last.price == price, last.days.upperBound == Day(day) {
                found[found.count - 1] = SharedPrice(
                    subject: subject, days: last.days.lowerBound..<Day(day + 1), price: price)
            } else {
                found.append(SharedPrice(subject: subject, days: Day(day)..<Day(day + 1), price: price))
            }
        }
        return found
    }
}
