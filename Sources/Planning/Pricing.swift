import CareChain

/// Finds the trajectories of one request that are worth more than they cost at given prices.
///
/// First a bound for every start and opening: prefix sums over days make the static price of a leg O(1) (``LegPrices``),
/// and a table holds the least that the rest of a stay can cost from a move on each day on. Then a search over move days
/// and next lodgings, the most promising start and opening first, which ends at the first whose bound is not below what
/// is found. Who pays depends on the days paid in earlier legs, so funding is walked exactly along the search.
struct Pricing {
    let situation: Situation
    private let move: Double
    private let unfundedDay: Double
    private let minLegDays: Int

    // Of the request at hand; kept between requests to spare allocations.
    private var legPrices: LegPrices
    /// For each end, each number of further moves and each day (one row for each two): the least that the rest of the
    /// stay can cost from a move on that day on, the move aside.
    private var toGo: [Double] = []
    private var candidates: [Candidate] = []
    private var firstFunding: [Double] = []
    /// Days that each funder has paid for each victim before the leg of a depth: `depth * victims + victim`.
    private var paid: [[Int]] = []
    /// What funders pay in the leg at hand, to be taken back.
    private var payments: [(funder: Int, days: Int)] = []
    private var legs: [Trajectory.Leg] = []

    /// A start with an opening.
    private struct Candidate {
        let start: Int
        let end: Int
        let opening: Int
        /// Where the rows of its end begin in `toGo`; nil: it stays where it begins.
        let rows: Int?
        /// No trajectory of it is priced lower.
        let bound: Double
    }

    /// What to keep of the trajectories found.
    enum Keep {
        /// The best of each opening, and of those so many.
        case best(Int)
        /// All, but no more than so many.
        case all(Int)
        /// All where there are no more than so many, otherwise the best of each of so many openings.
        case few(Int, otherwise: Int)
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
        move = Double(situation.instance.weights.move)
        unfundedDay = Double(situation.instance.weights.unfundedDay)
        minLegDays = situation.instance.moveLimits.minLegDays
        legPrices = LegPrices(situation)
    }

    /// The trajectories of a request priced below a threshold.
    mutating func trajectories(
        of request: OpenRequest, _ place: Int, at prices: Prices, below threshold: Double, keep: Keep
    ) -> Result {
        let moves = min(situation.instance.moveLimits.maxMoves, request.mostMovesLeft)
        legPrices.fill(request, place, at: prices, moves: moves > 0)
        while paid.count < (moves + 2) * request.victims.count {
            paid.append(.init(repeating: 0, count: situation.instance.funders.count))
        }
        for n in request.victims.indices { paid[n] = request.funding[n].paidBefore }
        findCandidates(request, moves: moves, below: threshold)
        candidates.sort { ($0.bound, $0.start, $0.opening) < ($1.bound, $1.start, $1.opening) }
        var result = search(request, prices, below: threshold, keep)
        if case .few(_, let most) = keep, result.isCut {
            result = search(request, prices, below: threshold, .best(most))
            result.isCut = true
        }
        return result
    }

    /// Searches the candidates.
    private mutating func search(
        _ request: OpenRequest, _ prices: Prices, below threshold: Double, _ keep: Keep
    ) -> Result {
        var search = Search(keep: keep, threshold: threshold)
        for candidate in candidates {
            if candidate.bound >= search.limit { break }
            if candidate.bound >= search.limit(candidate.opening) { continue }
            if let rows = candidate.rows {
                move(&search, request, prices, candidate, rows)
            } else {
                stay(&search, request, prices, candidate)
            }
        }
        return search.finish()
    }

    // MARK: Bounds

    private mutating func findCandidates(_ request: OpenRequest, moves: Int, below threshold: Double) {
        candidates.removeAll(keepingCapacity: true)
        var rows = 0
        var start = request.starts.lowerBound
        while start < request.starts.upperBound {
            let end = request.end(startingOn: start)
            var next = start + 1
            while next < request.starts.upperBound, request.end(startingOn: next) == end { next += 1 }
            if moves > 0 {
                tabulate(request, from: start, until: end, moves: moves, rows)
            }
            for day in start..<next {
                let wait = Double(WaitCost.cost(of: request.request, startingOn: Day(day), situation.instance.weights))
                for l in legPrices.openings where request.allowedOpenings?.contains(l) ?? true {
                    let base = wait + legPrices.openingPoints[l]
                    let reach = legPrices.reach(l, from: day)
                    if reach >= end {
                        let bound = base + legPrices.least(l, from: day, until: end)
                        if bound < threshold {
                            candidates.append(
                                Candidate(start: day, end: end, opening: l, rows: nil, bound: bound))
                        }
                    }
                    let movesLeft = min(legPrices.movesLeft[l], moves)
                    let earliest = earliestMove(request, l, from: day)
                    if movesLeft == 0 || earliest > min(reach, end - 1) { continue }
                    let row = rows + (movesLeft - 1) * legPrices.width
                    let rest = toGo.withUnsafeBufferPointer { toGo in
                        legPrices.least(
                            l, from: day, until: earliest...min(reach, end - 1),
                            then: UnsafeBufferPointer(rebasing: toGo[row...]))
                    }
                    let bound = base + move * Double(request.victims.count) + rest
                    if bound < threshold {
                        candidates.append(Candidate(start: day, end: end, opening: l, rows: rows, bound: bound))
                    }
                }
            }
            rows += moves * legPrices.width
            start = next
        }
    }

    /// The first day on which a stay that begins with an opening may move.
    private func earliestMove(_ request: OpenRequest, _ opening: Int, from start: Int) -> Int {
        max(start + legPrices.leastDays[opening], request.request.noMoveBefore.number)
    }

    /// Fills the rows of an end.
    private mutating func tabulate(_ request: OpenRequest, from start: Int, until end: Int, moves: Int, _ rows: Int) {
        let (first, width) = (legPrices.first, legPrices.width)
        if toGo.count < rows + moves * width {
            toGo += [Double](repeating: 0, count: rows + moves * width - toGo.count)
        }
        for d in rows..<rows + moves * width { toGo[d] = .infinity }
        // Out of self, which the table holds for changing.
        let legPrices = legPrices
        toGo.withUnsafeMutableBufferPointer { toGo in
            let last = UnsafeMutableBufferPointer(rebasing: toGo[rows..<rows + width])
            for l in legPrices.lodgings { legPrices.lower(last, toLastLegIn: l, from: start + 1, until: end) }
        }
        for k in 1..<max(1, moves) {
            let (row, before) = (rows + k * width - first, rows + (k - 1) * width)
            let move = move * Double(request.victims.count)
            for day in start..<end {
                var best = toGo[before - first + day]
                for l in legPrices.lodgings {
                    let latest = min(legPrices.reach(l, from: day), end - 1)
                    if day + minLegDays > latest { continue }
                    let rest = toGo.withUnsafeBufferPointer { toGo in
                        legPrices.least(
                            l, from: day, until: day + minLegDays...latest,
                            then: UnsafeBufferPointer(rebasing: toGo[before..<before + width]))
                    }
                    best = min(best, move + rest)
                }
                toGo[row + day] = best
            }
        }
    }

    // MARK: The search

    private struct Search {
        let keep: Keep
        let threshold: Double
        // With `.best`: the best of each opening, cheapest first, no more than are kept.
        var openings: [Int] = []
        var values: [Double] = []
        var legs: [[Trajectory.Leg]] = []
        var result = Result()
        /// The value from which on any trajectory is of no interest.
        private(set) var limit: Double

        init(keep: Keep, threshold: Double) {
            self.keep = keep
            self.threshold = threshold
            limit = threshold
        }

        /// The value from which on a trajectory with an opening is of no interest.
        func limit(_ opening: Int) -> Double {
            for n in openings.indices where openings[n] == opening { return values[n] }
            return limit
        }

        mutating func found(_ legs: [Trajectory.Leg], _ value: Double) {
            result.least = min(result.least, value)
            switch keep {
            case .best(let most):
                let opening = legs[0].lodging
                if let known = openings.firstIndex(of: opening) {
                    remove(known)
                } else if openings.count == most {
                    remove(most - 1)
                }
                let place = values.firstIndex { value < $0 } ?? values.count
                openings.insert(opening, at: place)
                values.insert(value, at: place)
                self.legs.insert(legs, at: place)
                if values.count == most { limit = values[most - 1] }
            case .all(let most), .few(let most, _):
                if result.legs.count == most {
                    result.isCut = true
                    // All there are is no longer what is found.
                    limit = -.infinity
                } else {
                    result.legs.append(legs)
                    result.values.append(value)
                }
            }
        }

        private mutating func remove(_ place: Int) {
            openings.remove(at: place)
            values.remove(at: place)
            legs.remove(at: place)
        }

        mutating func finish() -> Result {
            if case .best = keep {
                result.legs = legs
                result.values = values
            }
            return result
        }
    }

    /// What a trajectory costs before its first leg.
    private func base(_ request: OpenRequest, _ candidate: Candidate) -> Double {
        Double(WaitCost.cost(of: request.request, startingOn: Day(candidate.start), situation.instance.weights))
            + legPrices.openingPoints[candidate.opening]
    }

    /// The trajectory of one leg.
    private mutating func stay(
        _ search: inout Search, _ request: OpenRequest, _ prices: Prices, _ candidate: Candidate
    ) {
        let (l, start, end) = (candidate.opening, candidate.start, candidate.end)
        let units = request.openings[l].units
        let value =
            base(request, candidate) + legPrices.price(l, of: request, from: start, until: end)
            + fund(request, l, units, from: start, until: end, depth: 0, prices)
        if value < search.limit(l) {
            search.found([.init(lodging: l, from: start, until: end, units: units)], value)
        }
    }

    /// The trajectories with moves.
    private mutating func move(
        _ search: inout Search, _ request: OpenRequest, _ prices: Prices, _ candidate: Candidate, _ rows: Int
    ) {
        let (l, start, end) = (candidate.opening, candidate.start, candidate.end)
        let latest = min(legPrices.reach(l, from: start), end - 1)
        let movesLeft = min(legPrices.movesLeft[l], situation.instance.moveLimits.maxMoves)
        let base = base(request, candidate) + move * Double(request.victims.count)
        let row = rows + (movesLeft - 1) * legPrices.width - legPrices.first
        let units = request.openings[l].units
        var limit = search.limit(l)
        var isFunded = false
        for day in earliestMove(request, l, from: start)...latest {
            let rest = base + toGo[row + day]
            if rest + legPrices.least(l, from: start, until: day) >= limit { continue }
            if !isFunded {
                isFunded = true
                fundFirstLeg(request, l, units, from: start, until: latest, prices)
            }
            let price = legPrices.price(l, of: request, from: start, until: day) + firstFunding[day - start]
            if rest + price >= limit { continue }
            legs.append(.init(lodging: l, from: start, until: day, units: units))
            goOn(&search, request, prices, base + price, on: day, until: end, moves: movesLeft - 1, rows)
            legs.removeLast()
            limit = search.limit(l)
        }
    }

    /// Searches on from a move; the legs before it are in `legs`, their value is given.
    private mutating func goOn(
        _ search: inout Search, _ request: OpenRequest, _ prices: Prices, _ value: Double, on day: Int, until end: Int,
        moves: Int, _ rows: Int
    ) {
        let lodgings = legPrices.lodgings
        let opening = legs[0].lodging
        let depth = legs.count
        let before = legs[depth - 1]
        var limit = search.limit(opening)
        var isWalked = false
        for l in lodgings {
            let reach = min(legPrices.reach(l, from: day), end)
            if reach <= day { continue }
            let least = reach < end ? .infinity : value + legPrices.least(l, from: day, until: end)
            let isLast = least < limit
            if !isLast, moves == 0 { continue }
            if legPrices.soleUnit[l] >= 0, Int(legPrices.soleUnit[l]) == before.units[0] { continue }
            let units: [Int]
            let isExchanged: Bool
            if legPrices.soleUnit[l] >= 0 {
                units = [Int(legPrices.soleUnit[l])]
                isExchanged = false
            } else {
                let lodging = request.lodgings[l - lodgings.lowerBound]
                guard let found = request.units(of: lodging, leaving: before.units) else { continue }
                units = found
                isExchanged = units != lodging.units
            }
            if !isWalked, moves > 0 || !legPrices.isFunded[l] {
                isWalked = true
                walk(request, before, depth: depth)
            }
            if isLast {
                let total =
                    value + legPrices.price(l, of: request, from: day, until: end)
                    + fund(request, l, units, from: day, until: end, depth: depth, prices)
                if total < limit {
                    let leg = Trajectory.Leg(lodging: l - lodgings.lowerBound, from: day, until: end, units: units)
                    search.found(legs + [leg], total)
                }
                // Another exchange might be paid for otherwise: the bound must not rely on this one.
                if isExchanged, least < search.threshold {
                    search.result.least = min(search.result.least, least)
                    if total > least { search.result.isCut = true }
                }
                limit = search.limit(opening)
            }
            if moves == 0 || day + minLegDays > min(reach, end - 1) { continue }
            let move = move * Double(request.victims.count)
            for next in (day + minLegDays)...min(reach, end - 1) {
                let rest = value + move + toGo[rows + (moves - 1) * legPrices.width + next - legPrices.first]
                if rest + legPrices.least(l, from: day, until: next) >= limit { continue }
                let price =
                    legPrices.price(l, of: request, from: day, until: next)
                    + fund(request, l, units, from: day, until: next, depth: depth, prices)
                if rest + price >= limit { continue }
                legs.append(.init(lodging: l - lodgings.lowerBound, from: day, until: next, units: units))
                goOn(
                    &search, request, prices, value + move + price, on: next, until: end, moves: moves - 1, rows)
                legs.removeLast()
                limit = search.limit(opening)
            }
        }
    }

    // MARK: Funding

    /// Fills `firstFunding` with what funding a first leg costs up to each of its days.
    private mutating func fundFirstLeg(
        _ request: OpenRequest, _ l: Int, _ units: [Int], from: Int, until: Int, _ prices: Prices
    ) {
        let count = until - from + 1
        if firstFunding.count < count { firstFunding = .init(repeating: 0, count: count) }
        for d in 0..<count { firstFunding[d] = 0 }
        if legPrices.isFunded[l] { return }
        for (n, unit) in units.enumerated() where !request.funding[n].isFree(in: unit, prices) {
            let daily = Double(situation.instance.units[unit].dailyCost.amount)
            let last = paid.count - request.victims.count + n
            Self.copy(n, to: last, in: &paid)
            var total = 0.0
            var perDay: [Double] = []
            perDay.reserveCapacity(count)
            let unfundedDay = unfundedDay
            request.funding[n].schedules[Int(request.funding[n].scheduleOfUnit[unit])].walk(
                Day(from)..<Day(until), paid: &paid[last]
            ) { payer, days in
                let price = payer.map { prices.cents[$0] * daily } ?? unfundedDay
                for _ in 0..<days.count {
                    total += price
                    perDay.append(total)
                }
            }
            for (d, sum) in perDay.enumerated() { firstFunding[d + 1] += sum }
        }
    }

    /// Sets what was paid before the leg at a depth: what was paid before the one before it, and in it.
    private mutating func walk(_ request: OpenRequest, _ leg: Trajectory.Leg, depth: Int) {
        let victims = request.victims.count
        for n in 0..<victims {
            let place = depth * victims + n
            Self.copy(place - victims, to: place, in: &paid)
            request.funding[n].schedules[Int(request.funding[n].scheduleOfUnit[leg.units[n]])].walk(
                Day(leg.from)..<Day(leg.until), paid: &paid[place]
            ) { _, _ in }
        }
    }

    /// What funding a leg costs at the prices after what was paid before its depth.
    private mutating func fund(
        _ request: OpenRequest, _ l: Int, _ units: [Int], from: Int, until: Int, depth: Int, _ prices: Prices
    ) -> Double {
        if legPrices.isFunded[l] { return 0 }
        var total = 0.0
        for (n, unit) in units.enumerated() where !request.funding[n].isFree(in: unit, prices) {
            let daily = Double(situation.instance.units[unit].dailyCost.amount)
            let place = depth * request.victims.count + n
            // Out of self, so that the walk may change them; and back as they were.
            var row: [Int] = []
            var payments: [(funder: Int, days: Int)] = []
            swap(&row, &paid[place])
            swap(&payments, &self.payments)
            payments.removeAll(keepingCapacity: true)
            var price = 0.0
            let unfundedDay = unfundedDay
            request.funding[n].schedules[Int(request.funding[n].scheduleOfUnit[unit])].walk(
                Day(from)..<Day(until), paid: &row
            ) { payer, days in
                if let payer {
                    payments.append((payer, days.count))
                    price += prices.cents[payer] * daily * Double(days.count)
                } else {
                    price += unfundedDay * Double(days.count)
                }
            }
            for payment in payments { row[payment.funder] -= payment.days }
            swap(&row, &paid[place])
            swap(&payments, &self.payments)
            total += price
        }
        return total
    }

    /// Copies a row without giving up its storage.
    private static func copy(_ from: Int, to place: Int, in rows: inout [[Int]]) {
        var row: [Int] = []
        swap(&row, &rows[place])
        for i in row.indices { row[i] = rows[from][i] }
        swap(&row, &rows[place])
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
