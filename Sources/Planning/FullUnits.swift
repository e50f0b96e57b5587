import CareChain
import Foundation

/// What one more bed would save where fixed requests leave none. No trajectory is there on such a day, and the linear
/// program says nothing of its price: it gets the least at which no trajectory that takes the bed would be worth more
/// than it costs.
///
/// Of every request and every leg in a full unit it is found what being there from one day until another would save. One
/// bed can be used by one stay after another: those that together save most, a longest path over the days, are what it
/// saves in all, and that is spread over the days as evenly as the savings of all stays allow.
struct FullUnits {
    private let situation: Situation
    private let requests: [OpenRequest]
    private let prices: Prices
    private let roomier: Roomier
    /// Per unit the days on which it is full, and before each day of the horizon how many there are.
    private let full: [[Int]]
    private let fullBefore: [[Int]]
    /// Per unit what being there from one of its full days until another saves at the most, by ``place(_:_:)``; empty
    /// where nothing does.
    private var savings: [[Float]]
    // The legs of a request as it is, and as it would be with one more bed.
    private var legs: LegPrices
    private var more: LegPrices

    /// Savings below this are the arithmetic of the duals.
    private static let leastSaving = 0.5

    /// The situation with one more bed where there is none, and the requests as they are then, in shelters where one of the
    /// units is full on some day: groups may be spread over the others. It takes as long to make as all the rest, and no prices.
    struct Roomier {
        fileprivate let situation: Situation
        fileprivate let requests: [OpenRequest]

        /// - Returns: Nil when it was stopped before it was made.
        init?(_ situation: Situation, _ requests: [OpenRequest], until isOver: @Sendable () -> Bool) {
            let (instance, days) = (situation.instance, situation.days)
            let roomier = Situation(instance, withOneMoreBedWhereFull: true)
            let full = instance.units.indices.filter { unit in
                situation.bedsLeft[unit * days..<(unit + 1) * days].contains(0)
            }
            let shelters = Set(full.map { instance.shelterOfUnit[$0] })
            let units = roomier.unitsWithRoom.filter { shelters.contains(instance.shelterOfUnit[$0]) }
            self.situation = roomier
            let made = requests.concurrentMap {
                isOver() ? nil : OpenRequest($0.place, in: roomier, among: units, funding: $0.funding)
            }
            self.requests = made.compactMap { $0 }
            if self.requests.count < requests.count { return nil }
        }
    }

    private init(_ situation: Situation, _ requests: [OpenRequest], _ roomier: Roomier, at prices: Prices) {
        self.situation = situation
        self.requests = requests
        self.prices = prices
        self.roomier = roomier
        let days = situation.days
        full = situation.instance.units.indices.map { unit in
            (0..<days).filter { situation.bedsLeft[unit * days + $0] == 0 }
        }
        fullBefore = full.map { full in
            full.isEmpty ? [] : (0...days).map { day in full.place(of: day) }
        }
        savings = .init(repeating: [], count: situation.instance.units.count)
        legs = LegPrices(situation)
        more = LegPrices(roomier.situation)
    }

    /// Prices with those of full units; nil when stopped before all requests were asked.
    ///
    /// - Parameter worths: What the place of each request is worth at the prices, where that is known.
    static func priced(
        _ prices: Prices, worths: [Double]?, _ situation: Situation, _ requests: [OpenRequest], _ roomier: Roomier,
        until isOver: @escaping @Sendable () -> Bool
    ) -> Prices? {
        let full = FullUnits(situation, requests, roomier, at: prices)
        guard let worths = worths ?? self.worths(at: prices, situation, requests, until: isOver) else { return nil }
        // However many share in it, what all save at the most is the same; each has tables of its own.
        let workers = min(ProcessInfo.processInfo.activeProcessorCount, requests.count)
        let shares = Array(0..<workers).concurrentMap { worker in
            var share = full
            for r in stride(from: worker, to: requests.count, by: workers) where !isOver() {
                share.add(r, worth: worths[r])
            }
            return share.savings
        }
        if isOver() { return nil }
        let spread = situation.instance.units.indices.filter { unit in shares.contains { !$0[unit].isEmpty } }
            .concurrentMap { unit in
                let savings = shares.map { $0[unit] }.filter { !$0.isEmpty }
                return (unit, full.spread(unit, savings.dropFirst().reduce(into: savings[0], Self.raise)))
            }
        var priced = prices
        for (unit, ofDays) in spread {
            for (day, price) in zip(full.full[unit], ofDays) { priced.beds[unit * situation.days + day] = price }
        }
        return priced
    }

    /// What the place of each request is worth at some prices; nil when stopped.
    private static func worths(
        at prices: Prices, _ situation: Situation, _ requests: [OpenRequest],
        until isOver: @escaping @Sendable () -> Bool
    ) -> [Double]? {
        let unplaced = requests.map { Double($0.unplacedPoints) }
        let found = ParallelPricing(situation, until: isOver).trajectories(
            of: Array(requests.indices), among: requests, at: prices, below: unplaced, keep: .best(1))
        return found.map { zip($0, unplaced).map { min($0.least, $1) } }
    }

    /// Raises what is saved to what another table has.
    private static func raise(_ savings: inout [Float], _ others: [Float]) {
        for place in savings.indices { savings[place] = max(savings[place], others[place]) }
    }

    // MARK: Savings

    /// A lodging with one more bed in the one unit of it that is full on some days.
    private struct Extra {
        /// Its place in the tables.
        let place: Int
        let unit: Int
    }

    /// The starts of a request whose stay ends on the same day, and the least that the rest of a stay costs.
    private struct Starts {
        let days: Range<Int>
        let end: Int
        /// By the number of moves that may follow: what comes from a move on each day of the span on, the move aside.
        let after: [[Double]]
        /// By the number of moves in all, and those up to one on each day of the span: what comes before it, with it.
        var before: [[[Double]]]
    }

    /// Adds what a request would save, whose place is worth so much without another bed.
    private mutating func add(_ r: Int, worth: Double) {
        let request = requests[r]
        let roomy = roomier.requests[r]
        let openings = extras(roomy.openings, of: request, at: 0)
        let moves = min(
            situation.instance.moveLimits.maxMoves, max(request.mostMovesLeft, roomy.mostMovesLeft))
        let later =
            moves == 0
            ? [] : extras(roomy.lodgings, of: request, at: request.request.current == nil ? 0 : roomy.openings.count)
        if openings.isEmpty, later.isEmpty { return }
        legs.fill(request, r, at: prices, moves: moves > 0)
        more.fill(roomy, r, at: prices, moves: moves > 0)

        // Of a stay with moves only is known what it costs at the least, whoever has paid before: so it is compared with
        // what is known alike of those without another bed.
        var least = Double(request.unplacedPoints)
        var groups: [Starts] = []
        var start = request.starts.lowerBound
        while start < request.starts.upperBound {
            let end = request.end(startingOn: start)
            var next = start + 1
            while next < request.starts.upperBound, request.end(startingOn: next) == end { next += 1 }
            var starts = Starts(
                days: start..<next, end: end, after: after(request, from: start, until: end, moves: moves), before: [])
            least = min(least, fillBefore(request, &starts, moves: moves))
            groups.append(starts)
            start = next
        }
        for starts in groups {
            for extra in openings {
                stay(roomy, r, starts, extra, worth)
                open(request, starts, extra, moves: moves, least)
            }
            for extra in later { goOn(request, starts, extra, moves: moves, least) }
        }
    }

    private func extras(_ lodgings: [Lodging], of request: OpenRequest, at first: Int) -> [Extra] {
        lodgings.enumerated().compactMap { n, lodging in
            let units = lodging.parts.map(\.unit).filter { unit in
                !full[unit].isEmpty
                    && fullBefore[unit][request.span.lowerBound] < fullBefore[unit][request.span.upperBound]
            }
            return units.count == 1 ? Extra(place: first + n, unit: units[0]) : nil
        }
    }

    private func move(_ request: OpenRequest) -> Double {
        Double(MoveCost.cost(moves: request.victims.count, situation.instance.weights))
    }

    /// The days on which a stay that begins with an opening may move.
    private func moveDays(
        _ request: OpenRequest, _ legs: LegPrices, _ opening: Int, from start: Int, until end: Int
    ) -> Range<Int> {
        let first = max(start + legs.leastDays[opening], request.request.noMoveBefore.number)
        return first..<max(first, min(legs.reach(opening, from: start), end - 1) + 1)
    }

    /// What the rest of a stay costs at the least from a move on each day on, for each number of further moves.
    private func after(_ request: OpenRequest, from start: Int, until end: Int, moves: Int) -> [[Double]] {
        var rows: [[Double]] = []
        for k in 0..<moves {
            var row = k == 0 ? [Double](repeating: .infinity, count: legs.width) : rows[k - 1]
            for l in legs.lodgings {
                if k == 0 {
                    row.withUnsafeMutableBufferPointer { legs.lower($0, toLastLegIn: l, from: start + 1, until: end) }
                    continue
                }
                for day in start..<end {
                    let rest = leastFrom(l, day, until: end, then: rows[k - 1])
                    row[day - legs.first] = min(row[day - legs.first], move(request) + rest)
                }
            }
            rows.append(row)
        }
        return rows
    }

    /// What a leg that begins on a day and ends with a move costs at the least, with what comes after.
    private func leastFrom(_ l: Int, _ day: Int, until end: Int, then rest: [Double]) -> Double {
        let earliest = day + situation.instance.moveLimits.minLegDays
        let latest = min(legs.reach(l, from: day), end - 1)
        if earliest > latest { return .infinity }
        return rest.withUnsafeBufferPointer { legs.least(l, from: day, until: earliest...latest, then: $0) }
    }

    /// Fills what comes before moves, and returns the least that a stay costs.
    private func fillBefore(_ request: OpenRequest, _ starts: inout Starts, moves: Int) -> Double {
        let (first, end) = (legs.first, starts.end)
        let none = [Double](repeating: .infinity, count: legs.width)
        starts.before = (0...moves).map { .init(repeating: none, count: $0 + 1) }
        var least = Double.infinity
        for start in starts.days {
            let wait = Double(WaitCost.cost(of: request.request, startingOn: Day(start), situation.instance.weights))
            for l in legs.openings {
                let base = wait + legs.openingPoints[l]
                if legs.reach(l, from: start) >= end {
                    least = min(least, base + legs.least(l, from: start, until: end))
                }
                let most = min(moves, legs.movesLeft[l])
                if most == 0 { continue }
                for day in moveDays(request, legs, l, from: start, until: end) {
                    let cost = base + legs.least(l, from: start, until: day) + move(request)
                    least = min(least, cost + starts.after[most - 1][day - first])
                    for total in 1...most {
                        starts.before[total][1][day - first] = min(starts.before[total][1][day - first], cost)
                    }
                }
            }
        }
        let minLegDays = situation.instance.moveLimits.minLegDays
        for total in 2..<max(2, moves + 1) {
            for l in legs.lodgings {
                for day in starts.days.lowerBound..<end where starts.before[total][1][day - first] < .infinity {
                    let latest = min(legs.reach(l, from: day), end - 1)
                    for next in day + minLegDays..<max(day + minLegDays, latest + 1) {
                        let cost =
                            starts.before[total][1][day - first] + legs.least(l, from: day, until: next) + move(request)
                        starts.before[total][2][next - first] = min(starts.before[total][2][next - first], cost)
                    }
                }
            }
        }
        return least
    }

    /// Stays in a full unit without a move.
    private mutating func stay(_ roomy: OpenRequest, _ r: Int, _ starts: Starts, _ extra: Extra, _ worth: Double) {
        let (l, end) = (extra.place, starts.end)
        for start in starts.days where more.reach(l, from: start) >= end {
            let wait = Double(WaitCost.cost(of: roomy.request, startingOn: Day(start), situation.instance.weights))
            let least = wait + more.openingPoints[l] + more.least(l, from: start, until: end)
            if worth - least < Self.leastSaving { continue }
            let lodging = roomy.openings[l]
            let leg = Trajectory.Leg(lodging: l, from: start, until: end, units: lodging.units)
            let trajectory = roomy.trajectory(r, [leg], in: roomier.situation)
            let points = trajectory.points - lodging.points(from: start, until: end, situation.instance.weights)
            var cost = Double(points) + more.price(l, of: roomy, from: start, until: end)
            for spending in trajectory.spending { cost += prices.cents[spending.funder] * Double(spending.cents) }
            save(worth - cost, extra, from: start, until: end)
        }
    }

    /// Stays that begin in a full unit and move.
    private mutating func open(_ request: OpenRequest, _ starts: Starts, _ extra: Extra, moves: Int, _ worth: Double) {
        let (l, end) = (extra.place, starts.end)
        let most = min(moves, more.movesLeft[l])
        if most == 0 { return }
        for start in starts.days {
            let base =
                Double(WaitCost.cost(of: request.request, startingOn: Day(start), situation.instance.weights))
                + more.openingPoints[l]
            for day in moveDays(request, more, l, from: start, until: end) {
                let rest = move(request) + starts.after[most - 1][day - more.first]
                save(worth - base - more.least(l, from: start, until: day) - rest, extra, from: start, until: day)
            }
        }
    }

    /// Stays that are in a full unit after a move.
    private mutating func goOn(_ request: OpenRequest, _ starts: Starts, _ extra: Extra, moves: Int, _ worth: Double) {
        let (l, end, first) = (extra.place, starts.end, more.first)
        let minLegDays = situation.instance.moveLimits.minLegDays
        for total in 1..<max(1, moves + 1) {
            for made in 1...total {
                for day in starts.days.lowerBound..<end where starts.before[total][made][day - first] < worth {
                    let left = worth - starts.before[total][made][day - first]
                    let reach = more.reach(l, from: day)
                    if made == total, reach >= end {
                        save(left - more.least(l, from: day, until: end), extra, from: day, until: end)
                    }
                    if made == total { continue }
                    for next in day + minLegDays..<max(day + minLegDays, min(reach, end - 1) + 1) {
                        let rest = move(request) + starts.after[total - made - 1][next - first]
                        save(left - more.least(l, from: day, until: next) - rest, extra, from: day, until: next)
                    }
                }
            }
        }
    }

    /// Notes what a bed saves that is used from one day until another.
    private mutating func save(_ saving: Double, _ extra: Extra, from: Int, until: Int) {
        if saving < Self.leastSaving { return }
        let (from, until) = (fullBefore[extra.unit][from], fullBefore[extra.unit][until])
        if from == until { return }
        if savings[extra.unit].isEmpty {
            savings[extra.unit] = .init(repeating: 0, count: Self.place(0, full[extra.unit].count + 1))
        }
        let place = Self.place(from, until)
        savings[extra.unit][place] = max(savings[extra.unit][place], Float(saving))
    }

    /// The place of what is saved from one of a unit's full days until another, told by their places.
    private static func place(_ from: Int, _ until: Int) -> Int { until * (until - 1) / 2 + from }

    // MARK: Prices

    /// What a bed costs on each full day of a unit, so that from any of them until another it costs at least what a stay saves.
    private func spread(_ unit: Int, _ savings: [Float]) -> [Double] {
        let count = full[unit].count
        // What is saved at the most by stays before each day, and from it on; in all it is the same.
        var before = [Double](repeating: 0, count: count + 1)
        var rest = before
        raise(&before, savings)
        for until in (1...count).reversed() {
            for from in 0..<until where savings[Self.place(from, until)] > 0 {
                rest[from] = max(rest[from], Double(savings[Self.place(from, until)]) + rest[until])
            }
            rest[until - 1] = max(rest[until - 1], rest[until])
        }
        // The sums of prices before each day can be anything between; straight lines are the most even.
        var sums = before
        var pinned = 0
        for day in 1...count where rest[0] - rest[day] - before[day] < Self.leastSaving {
            let slope = (before[day] - before[pinned]) / Double(day - pinned)
            for between in pinned..<day { sums[between] = before[pinned] + slope * Double(between - pinned) }
            pinned = day
        }
        for day in 0...count { sums[day] = min(sums[day], rest[0] - rest[day]) }
        raise(&sums, savings)
        return (0..<count).map { max(0, sums[$0 + 1] - sums[$0]) }
    }

    /// Raises sums of prices before each full day as far as the savings of stays ask for it.
    private func raise(_ sums: inout [Double], _ savings: [Float]) {
        for until in 1..<sums.count {
            sums[until] = max(sums[until], sums[until - 1])
            for from in 0..<until where savings[Self.place(from, until)] > 0 {
                sums[until] = max(sums[until], sums[from] + Double(savings[Self.place(from, until)]))
            }
        }
    }
}
