import CareChain

/// Finds the trajectories of one request that are worth more than they cost at given prices.
///
/// A search over start, opening lodging, move day and next lodging. Prefix sums over days make the static price of a
/// leg O(1). Who pays depends on the days paid in earlier legs, so funding is walked exactly along the search; what is
/// still to come is bounded from below by tables over (day, moves left), and a branch whose bound is not below the
/// threshold is cut.
struct Pricing {
    let situation: Situation
    private let weights: Weights
    private let minLegDays: Int

    // Of the request at hand; kept between requests to spare allocations.
    private var width = 0
    private var openingSums: [Double] = []
    private var lodgingSums: [Double] = []
    private var toGo: [[Double]] = []
    private var firstFunding: [Double] = []
    private var paid: [[Int]] = []

    /// What to keep of the trajectories found.
    enum Keep {
        /// The best of each opening lodging, and of those so many.
        case best(Int)
        /// All, but no more than so many.
        case all(Int)
    }

    struct Result {
        var legs: [[Trajectory.Leg]] = []
        /// The prices of the trajectories: points plus what they use at the prices.
        var values: [Double] = []
        /// No trajectory of the request is priced lower than this, unless all are at or above the threshold.
        var least = Double.infinity
        /// Whether trajectories below the threshold may have been left out.
        var isCut = false
    }

    init(_ situation: Situation) {
        self.situation = situation
        weights = situation.instance.weights
        minLegDays = situation.instance.moveLimits.minLegDays
    }

    /// The trajectories of a request priced below a threshold.
    mutating func trajectories(
        of request: OpenRequest, _ place: Int, at prices: Prices, below threshold: Double, keep: Keep
    ) -> Result {
        width = request.span.count + 1
        sum(request.openings, of: request, place, at: prices, into: &openingSums)
        let moves = min(
            situation.instance.moveLimits.maxMoves, request.openings.map(\.movesLeft).max() ?? 0)
        if moves > 0, request.request.current != nil {
            sum(request.lodgings, of: request, place, at: prices, into: &lodgingSums)
        } else if moves > 0 {
            lodgingSums = openingSums
        }
        var search = Search(request: request, prices: prices, keep: keep, threshold: threshold)
        paid = request.funding.map(\.paidBefore)
        var start = request.starts.lowerBound
        while start < request.starts.upperBound {
            let end = request.end(startingOn: start)
            var next = start + 1
            while next < request.starts.upperBound, request.end(startingOn: next) == end { next += 1 }
            if moves > 0 { tabulate(request, prices, from: start, until: end, moves: moves) }
            for day in start..<next { open(&search, on: day, until: end) }
            start = next
        }
        return search.finish()
    }

    // MARK: The price of a leg

    /// Sums over days of what each lodging costs per day, beds' prices included, entry, lateness and funding aside.
    private func sum(
        _ lodgings: [Lodging], of request: OpenRequest, _ place: Int, at prices: Prices, into sums: inout [Double]
    ) {
        let days = situation.days
        let first = request.span.lowerBound
        if sums.count < lodgings.count * width { sums = .init(repeating: 0, count: lodgings.count * width) }
        for (l, lodging) in lodgings.enumerated() {
            let base = l * width
            for d in 0..<width { sums[base + d] = 0 }
            for part in lodging.parts {
                let perDay = Double(part.pointsPerDay)
                let beds = Double(part.beds)
                let row = part.unit * days + first
                for d in 0..<(width - 1) { sums[base + d + 1] += perDay + beds * prices.beds[row + d] }
                if let bedsLeft = prices.bedsLeft {
                    for d in 0..<(width - 1) where Int(bedsLeft[row + d]) < part.beds {
                        sums[base + d + 1] += Prices.prohibitive
                    }
                }
                if !prices.presence[part.unit].isEmpty {
                    for d in 0..<(width - 1) { sums[base + d + 1] += prices.presence[part.unit][first + d] }
                }
                for ranges in part.refused {
                    for range in ranges {
                        for day in range.clamped(to: request.span) {
                            sums[base + day - first + 1] += Double(weights.overstayDay)
                        }
                    }
                }
            }
            for extra in prices.extras[place]
            where request.span.contains(extra.day) && lodging.isCharged(extra, in: situation.instance) {
                sums[base + extra.day - first + 1] += extra.price
            }
            var total = 0.0
            for d in 1..<max(1, width) {
                total += sums[base + d]
                sums[base + d] = total
            }
        }
    }

    /// What a leg costs at the prices, funding and moves aside.
    @inline(__always)
    private func price(
        _ lodging: Lodging, _ l: Int, _ sums: [Double], _ first: Int, from: Int, until: Int
    ) -> Double {
        var price = Double(lodging.entryPoints) + sums[l * width + until - first] - sums[l * width + from - first]
        for part in lodging.parts where part.mayBeLate {
            price += Double(weights.overstayDay * part.lateDays(from: from, until: until))
        }
        return price
    }

    /// What funding a victim in a unit on some days costs at the prices, walked from what was paid before.
    private func fund(
        _ funding: VictimFunding, in unit: Int, from: Int, until: Int, paid: inout [Int], _ prices: Prices
    ) -> Double {
        let daily = Double(situation.instance.units[unit].dailyCost.amount)
        var price = 0.0
        funding.schedules[Int(funding.scheduleOfUnit[unit])].walk(Day(from)..<Day(until), paid: &paid) { payer, days in
            if let payer {
                price += prices.cents[payer] * daily * Double(days.count)
            } else {
                price += Double(weights.unfundedDay * days.count)
            }
        }
        return price
    }

    /// Whether funding a victim in a unit costs nothing at the prices, whatever was paid before.
    @inline(__always)
    private func isFree(_ funding: VictimFunding, in unit: Int, _ prices: Prices) -> Bool {
        let schedule = Int(funding.scheduleOfUnit[unit])
        return funding.alwaysPaid[schedule] && !isPriced(funding.schedules[schedule], prices)
    }

    private func isPriced(_ schedule: PayerSchedule, _ prices: Prices) -> Bool {
        for segment in schedule.segments {
            for candidate in segment.candidates where prices.cents[candidate.funder] > 0 { return true }
        }
        return false
    }

    /// The least that funding a lodging on some days can cost, whatever was paid in earlier legs.
    ///
    /// Where no candidate's budget has a price, days paid earlier can only make funding dearer, so the walk from what
    /// was paid before day 0 is least; else each day costs at least its cheapest candidate.
    private mutating func leastFunding(
        _ request: OpenRequest, _ lodging: Lodging, from: Int, until: Int, _ prices: Prices
    ) -> Double {
        var price = 0.0
        for (n, unit) in lodging.units.enumerated() {
            let funding = request.funding[n]
            let schedule = Int(funding.scheduleOfUnit[unit])
            if isPriced(funding.schedules[schedule], prices) {
                let daily = Double(situation.instance.units[unit].dailyCost.amount)
                for segment in funding.schedules[schedule].segments {
                    let days =
                        min(until, segment.days.upperBound.number) - max(from, segment.days.lowerBound.number)
                    if days <= 0 { continue }
                    var least = funding.alwaysPaid[schedule] ? .infinity : Double(weights.unfundedDay)
                    for candidate in segment.candidates {
                        least = min(least, prices.cents[candidate.funder] * daily)
                    }
                    price += least * Double(days)
                }
            } else if !funding.alwaysPaid[schedule] {
                paid[n] = funding.paidBefore
                price += fund(funding, in: unit, from: from, until: until, paid: &paid[n], prices)
            }
        }
        return price
    }

    // MARK: Tables of what is still to come

    /// For each number of further moves and each day: the least that the rest of the stay can cost from a move on that
    /// day on.
    private mutating func tabulate(
        _ request: OpenRequest, _ prices: Prices, from start: Int, until end: Int, moves: Int
    ) {
        let first = request.span.lowerBound
        let move = Double(MoveCost.cost(moves: request.victims.count, weights))
        toGo = .init(repeating: .init(repeating: .infinity, count: width), count: moves)
        for (l, lodging) in request.lodgings.enumerated() {
            for day in start..<end where Int(lodging.reach[day - first]) >= end {
                var least = price(lodging, l, lodgingSums, first, from: day, until: end)
                if least >= toGo[0][day - first] { continue }
                least += leastFunding(request, lodging, from: day, until: end, prices)
                toGo[0][day - first] = min(toGo[0][day - first], least)
            }
        }
        for k in 1..<max(1, moves) {
            toGo[k] = toGo[k - 1]
            for (l, lodging) in request.lodgings.enumerated() {
                for day in start..<end {
                    let latest = min(Int(lodging.reach[day - first]), end - 1)
                    if day + minLegDays > latest { continue }
                    for next in (day + minLegDays)...latest {
                        let rest = move + toGo[k - 1][next - first]
                        if rest >= toGo[k][day - first] { continue }
                        let least = rest + price(lodging, l, lodgingSums, first, from: day, until: next)
                        toGo[k][day - first] = min(toGo[k][day - first], least)
                    }
                }
            }
        }
    }

    // MARK: The search

    private struct Search {
        let request: OpenRequest
        let prices: Prices
        let keep: Keep
        let threshold: Double
        /// Of each opening the best found so far.
        var best: [(value: Double, legs: [Trajectory.Leg])?]
        var result = Result()

        init(request: OpenRequest, prices: Prices, keep: Keep, threshold: Double) {
            self.request = request
            self.prices = prices
            self.keep = keep
            self.threshold = threshold
            best = .init(repeating: nil, count: request.openings.count)
        }

        /// The value from which on a trajectory with an opening is of no interest.
        func limit(_ opening: Int) -> Double {
            switch keep {
            case .best: best[opening]?.value ?? threshold
            case .all: threshold
            }
        }

        mutating func found(_ legs: [Trajectory.Leg], _ value: Double) {
            result.least = min(result.least, value)
            let opening = legs[0].lodging
            switch keep {
            case .best:
                if value < limit(opening) { best[opening] = (value, legs) }
            case .all(let most):
                if result.legs.count == most {
                    result.isCut = true
                } else {
                    result.legs.append(legs)
                    result.values.append(value)
                }
            }
        }

        mutating func finish() -> Result {
            if case .best(let most) = keep {
                let chosen = best.compactMap { $0 }.sorted { $0.value < $1.value }.prefix(most)
                result.legs = chosen.map(\.legs)
                result.values = chosen.map(\.value)
            }
            return result
        }
    }

    /// Searches all trajectories that start on a day.
    private mutating func open(_ search: inout Search, on start: Int, until end: Int) {
        let request = search.request
        let first = request.span.lowerBound
        let wait = Double(WaitCost.cost(of: request.request, startingOn: Day(start), weights))
        for (l, lodging) in request.openings.enumerated() {
            let reach = min(Int(lodging.reach[start - first]), end)
            if reach <= start { continue }
            let base = wait + Double(MoveCost.cost(moves: lodging.movedOnDay0, weights))
            var earliestMove = max(start + lodging.leastDays, request.request.noMoveBefore.number)
            if lodging.movesLeft == 0 || toGo.isEmpty { earliestMove = end }
            let hasFunding = fundFirstLeg(request, lodging, from: start, until: reach, search.prices)
            if reach == end {
                let value =
                    base + price(lodging, l, openingSums, first, from: start, until: end)
                    + (hasFunding ? firstFunding[end - start] : 0)
                if value < search.limit(l) {
                    search.found([leg(l, lodging, start, end)], value)
                }
            }
            if earliestMove > min(reach, end - 1) { continue }
            let move = Double(MoveCost.cost(moves: request.victims.count, weights))
            for day in earliestMove...min(reach, end - 1) {
                let rest = move + toGo[lodging.movesLeft - 1][day - first]
                if base + rest >= search.limit(l) { continue }
                let value =
                    base + price(lodging, l, openingSums, first, from: start, until: day)
                    + (hasFunding ? firstFunding[day - start] : 0)
                if value + rest >= search.limit(l) { continue }
                let legs = [leg(l, lodging, start, day)]
                goOn(&search, legs, value + move, on: day, until: end, moves: lodging.movesLeft - 1)
            }
        }
    }

    /// Searches on from a move, the legs before it and their value given.
    private mutating func goOn(
        _ search: inout Search, _ legs: [Trajectory.Leg], _ value: Double, on day: Int, until end: Int, moves: Int
    ) {
        let request = search.request
        let first = request.span.lowerBound
        let opening = legs[0].lodging
        for (l, lodging) in request.lodgings.enumerated() {
            let reach = min(Int(lodging.reach[day - first]), end)
            if reach <= day { continue }
            guard let units = request.units(of: lodging, leaving: legs[legs.count - 1].units) else { continue }
            let isExchanged = units != lodging.units
            if reach == end {
                let withoutFunding = value + price(lodging, l, lodgingSums, first, from: day, until: end)
                if withoutFunding < search.limit(opening) {
                    let next = Trajectory.Leg(lodging: l, from: day, until: end, units: units)
                    let total = withoutFunding + fund(request, legs, next, search.prices)
                    if total < search.limit(opening) { search.found(legs + [next], total) }
                    if isExchanged {
                        // Another exchange might be paid for otherwise: the bound must not rely on this one.
                        let least =
                            withoutFunding + leastFunding(request, lodging, from: day, until: end, search.prices)
                        if least < search.threshold {
                            search.result.least = min(search.result.least, least)
                            if total > least { search.result.isCut = true }
                        }
                    }
                }
            }
            if moves == 0 || day + minLegDays > min(reach, end - 1) { continue }
            let move = Double(MoveCost.cost(moves: request.victims.count, weights))
            for next in (day + minLegDays)...min(reach, end - 1) {
                let rest = move + toGo[moves - 1][next - first]
                let withoutFunding = value + price(lodging, l, lodgingSums, first, from: day, until: next)
                if withoutFunding + rest >= search.limit(opening) { continue }
                let leg = Trajectory.Leg(lodging: l, from: day, until: next, units: units)
                let total = withoutFunding + fund(request, legs, leg, search.prices)
                if total + rest >= search.limit(opening) { continue }
                goOn(&search, legs + [leg], total + move, on: next, until: end, moves: moves - 1)
            }
        }
    }

    private func leg(_ l: Int, _ lodging: Lodging, _ from: Int, _ until: Int) -> Trajectory.Leg {
        Trajectory.Leg(lodging: l, from: from, until: until, units: lodging.units)
    }

    /// Fills `firstFunding` with what funding a first leg costs up to each of its days; false when it costs nothing.
    private mutating func fundFirstLeg(
        _ request: OpenRequest, _ lodging: Lodging, from: Int, until: Int, _ prices: Prices
    ) -> Bool {
        var costs = false
        for (n, unit) in lodging.units.enumerated() where !isFree(request.funding[n], in: unit, prices) {
            if !costs {
                costs = true
                let count = until - from + 1
                if firstFunding.count < count { firstFunding = .init(repeating: 0, count: count) }
                for d in 0..<count { firstFunding[d] = 0 }
            }
            let funding = request.funding[n]
            let daily = Double(situation.instance.units[unit].dailyCost.amount)
            paid[n] = funding.paidBefore
            var total = 0.0
            funding.schedules[Int(funding.scheduleOfUnit[unit])].walk(Day(from)..<Day(until), paid: &paid[n]) {
                payer, days in
                let perDay = payer.map { prices.cents[$0] * daily } ?? Double(weights.unfundedDay)
                for day in days.lowerBound.number..<days.upperBound.number {
                    total += perDay
                    firstFunding[day - from + 1] += total
                }
            }
        }
        return costs
    }

    /// What funding a further leg costs after those before it.
    private mutating func fund(
        _ request: OpenRequest, _ legs: [Trajectory.Leg], _ next: Trajectory.Leg, _ prices: Prices
    ) -> Double {
        var price = 0.0
        for n in request.victims.indices {
            let funding = request.funding[n]
            if isFree(funding, in: next.units[n], prices) { continue }
            paid[n] = funding.paidBefore
            for leg in legs {
                _ = fund(funding, in: leg.units[n], from: leg.from, until: leg.until, paid: &paid[n], prices)
            }
            price += fund(funding, in: next.units[n], from: next.from, until: next.until, paid: &paid[n], prices)
        }
        return price
    }
}

extension Lodging {
    /// Whether a request in this lodging pays an extra price.
    func isCharged(_ extra: Prices.Extra, in instance: Instance) -> Bool {
        func isThere(_ unit: Int) -> Bool {
            switch extra.scope {
            case .unit: unit == extra.place
            case .shelter: instance.shelterOfUnit[unit] == extra.place
            case .region: instance.region(ofUnit: unit) == extra.place
            }
        }
        return switch extra.who {
        case .victim(let n): isThere(units[n])
        case .sex(let sex): parts.contains { $0.sex == sex && isThere($0.unit) }
        }
    }
}

extension OpenRequest {
    /// The units of a lodging, its victims of one kind exchanged where needed, so that every victim leaves its unit;
    /// nil when that is impossible.
    func units(of lodging: Lodging, leaving before: [Int]) -> [Int]? {
        var units = lodging.units
        if units.indices.allSatisfy({ units[$0] != before[$0] }) { return units }
        if !lodging.isExchangeable { return nil }
        // A matching of victims to the places of their kind by augmenting paths; groups are small.
        var holder = [Int](repeating: -1, count: units.count)
        func assign(_ victim: Int, _ visited: inout Set<Int>) -> Bool {
            for place in units.indices
            where kinds[place] == kinds[victim] && lodging.units[place] != before[victim]
                && visited.insert(place).inserted
            {
                if holder[place] < 0 || assign(holder[place], &visited) {
                    holder[place] = victim
                    return true
                }
            }
            return false
        }
        for victim in units.indices {
            var visited: Set<Int> = []
            if !assign(victim, &visited) { return nil }
        }
        for (place, victim) in holder.enumerated() { units[victim] = lodging.units[place] }
        return units
    }
}
