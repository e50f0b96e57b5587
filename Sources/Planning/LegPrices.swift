import CareChain

/// What the legs of one request cost at given prices: flat tables over lodgings and days, because the search asks them
/// in its innermost loops.
///
/// The places of the tables are the request's openings and then, where they differ, its lodgings after a move.
struct LegPrices {
    private let situation: Situation
    /// The first day of the tables.
    private(set) var first = 0
    private(set) var width = 0
    /// The places of the openings and those of the lodgings after a move.
    private(set) var openings = 0..<0
    private(set) var lodgings = 0..<0
    /// The unit of the only victim; -1 where there are several.
    private(set) var soleUnit: [Int32] = []

    /// What a stay costs that begins with an opening because victims move into it on day 0, and how it may go on.
    private(set) var openingPoints: [Double] = []
    private(set) var movesLeft: [Int] = []
    private(set) var leastDays: [Int] = []

    // One number per place.
    private var entry: [Double] = []
    private var mostPaid: [Int] = []
    private var lateAfter: [Int] = []
    private var lateVictims: [Double] = []
    // One number per place and day: before which day a leg must end, and sums of what the days before cost.
    private var reach: [Int32] = []
    private var sums: [Double] = []
    private var leastSums: [Double] = []
    /// Days on end with one `reach`, in the order of the places, and where those of a place begin.
    private var runs: [Run] = []
    private var firstRun: [Int] = []
    /// 0, 1, 2, …, so that loops over days need no conversion.
    private var numbers: [Double] = []
    private var perUnfunded = 0.0
    private var victims = 0.0

    private struct Run {
        let from: Int
        var until: Int
        let reach: Int32
    }

    /// Stands in `lateAfter` for lodgings whose victims differ in when they stay too long.
    private static let askParts = -1

    init(_ situation: Situation) {
        self.situation = situation
    }

    /// Fills the tables for a request (the one with a place among the open ones).
    mutating func fill(_ request: OpenRequest, _ place: Int, at prices: Prices, moves: Bool) {
        first = request.span.lowerBound
        width = request.span.count + 1
        perUnfunded = Double(situation.instance.weights.unfundedDay)
        victims = Double(request.victims.count)
        openings = 0..<request.openings.count
        lodgings = openings
        if request.request.current != nil { lodgings = openings.count..<openings.count + request.lodgings.count }
        let count = moves ? lodgings.upperBound : openings.upperBound
        if entry.count < count {
            entry = .init(repeating: 0, count: count)
            mostPaid = .init(repeating: 0, count: count)
            lateAfter = .init(repeating: 0, count: count)
            lateVictims = .init(repeating: 0, count: count)
            soleUnit = .init(repeating: 0, count: count)
            openingPoints = .init(repeating: 0, count: count)
            movesLeft = .init(repeating: 0, count: count)
            leastDays = .init(repeating: 0, count: count)
        }
        if numbers.count < width { numbers = (0..<width).map(Double.init) }
        runs.removeAll(keepingCapacity: true)
        firstRun.removeAll(keepingCapacity: true)
        if sums.count < count * width {
            sums = .init(repeating: 0, count: count * width)
            leastSums = .init(repeating: 0, count: count * width)
            reach = .init(repeating: 0, count: count * width)
        }
        for l in 0..<count {
            let lodging = l < openings.count ? request.openings[l] : request.lodgings[l - openings.count]
            fill(l, lodging, of: request)
            sum(l, lodging, of: request, place, at: prices)
        }
        firstRun.append(runs.count)
    }

    private mutating func fill(_ l: Int, _ lodging: Lodging, of request: OpenRequest) {
        entry[l] = Double(lodging.entryPoints)
        soleUnit[l] = lodging.units.count == 1 ? Int32(lodging.units[0]) : -1
        let base = l * width
        for d in 0..<width - 1 { reach[base + d] = Int32(lodging.reach[d]) }
        reach[base + width - 1] = Int32(request.span.upperBound)
        firstRun.append(runs.count)
        for d in 0..<width - 1 where Int(reach[base + d]) > first + d {
            if runs.count > firstRun[l], runs[runs.count - 1].until == d, runs[runs.count - 1].reach == reach[base + d]
            {
                runs[runs.count - 1].until = d + 1
            } else {
                runs.append(Run(from: d, until: d + 1, reach: reach[base + d]))
            }
        }
        openingPoints[l] = Double(MoveCost.cost(moves: lodging.movedOnDay0, situation.instance.weights))
        movesLeft[l] = lodging.movesLeft
        leastDays[l] = lodging.leastDays
        lateAfter[l] = .max
        lateVictims[l] = 0
        for part in lodging.parts where part.mayBeLate {
            for n in part.victims.indices {
                let isSimple = part.refused[n].isEmpty && (lateVictims[l] == 0 || part.lateAfter[n] == lateAfter[l])
                lateAfter[l] = isSimple && lateAfter[l] != Self.askParts ? part.lateAfter[n] : Self.askParts
                lateVictims[l] += 1
            }
        }
    }

    /// Sums over days of what a lodging costs per day, beds' prices included, entry, lateness and funding aside; and the
    /// same with what funding costs at the least.
    private mutating func sum(
        _ l: Int, _ lodging: Lodging, of request: OpenRequest, _ place: Int, at prices: Prices
    ) {
        let instance = situation.instance
        let base = l * width
        for d in 0..<width {
            sums[base + d] = 0
            leastSums[base + d] = 0
        }
        for part in lodging.parts {
            let perDay = Double(part.pointsPerDay)
            let beds = Double(part.beds)
            let row = part.unit * situation.days + first
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
                        sums[base + day - first + 1] += Double(instance.weights.overstayDay)
                    }
                }
            }
        }
        for extra in prices.extras[place]
        where request.span.contains(extra.day) && lodging.isCharged(extra, in: instance) {
            sums[base + extra.day - first + 1] += extra.price
        }
        mostPaid[l] = 0
        for (n, unit) in lodging.units.enumerated() {
            let funding = request.funding[n]
            let schedule = Int(funding.scheduleOfUnit[unit])
            let outlook = funding.outlooks[schedule]
            if outlook.canBePriced, funding.isPriced(schedule, prices) {
                mostPaid[l] = .max
                let daily = Double(instance.units[unit].dailyCost.amount)
                for segment in funding.schedules[schedule].segments {
                    var least = outlook.alwaysPaid ? .infinity : perUnfunded
                    for candidate in segment.candidates { least = min(least, prices.cents[candidate.funder] * daily) }
                    if least == 0 { continue }
                    let days = (segment.days.lowerBound.number..<segment.days.upperBound.number)
                    for day in days.clamped(to: request.span) { leastSums[base + day - first + 1] += least }
                }
            } else {
                if mostPaid[l] != .max { mostPaid[l] = max(mostPaid[l], outlook.mostPaid) }
                for days in outlook.unpaid {
                    for day in days.clamped(to: request.span) { leastSums[base + day - first + 1] += perUnfunded }
                }
            }
        }
        var total = 0.0
        var least = 0.0
        for d in 1..<max(1, width) {
            least += leastSums[base + d] + sums[base + d]
            total += sums[base + d]
            sums[base + d] = total
            leastSums[base + d] = least
        }
    }

    /// The day before which a leg that begins on a day must end; no later than that day where none can begin.
    @inline(__always)
    func reach(_ l: Int, from day: Int) -> Int { Int(reach[l * width + day - first]) }

    /// What a leg costs at the prices, funding and moves aside.
    @inline(__always)
    func price(_ l: Int, of request: OpenRequest, from: Int, until: Int) -> Double {
        let base = l * width - first
        return entry[l] + sums[base + until] - sums[base + from] + late(l, of: request, from, until)
    }

    /// What a leg costs at the least, with its funding, whatever was paid for its victims before.
    ///
    /// Without prices on budgets funding costs what nobody pays: the days on which nobody can, and those beyond what all
    /// funders together have left for a victim.
    @inline(__always)
    func least(_ l: Int, of request: OpenRequest, from: Int, until: Int) -> Double {
        let base = l * width - first
        var price = entry[l] + leastSums[base + until] - leastSums[base + from] + late(l, of: request, from, until)
        if until - from > mostPaid[l] { price += perUnfunded * victims * Double(until - from - mostPaid[l]) }
        return price
    }

    /// Lowers the least that the rest of a stay costs, by days of the tables, to that of a last leg in a lodging that
    /// begins there. Parts that differ in when they are late are taken to be in time.
    func lower(_ toGo: UnsafeMutableBufferPointer<Double>, toLastLegIn l: Int, from start: Int, until end: Int) {
        let base = l * width
        let total = entry[l] + leastSums[base + end - first]
        let (late, unpaid) = (lateness(l), unpaidness(l))
        numbers.withUnsafeBufferPointer { numbers in
            leastSums.withUnsafeBufferPointer { sums in
                for n in firstRun[l]..<firstRun[l + 1] where Int(runs[n].reach) >= end {
                    let from = max(runs[n].from, start - first)
                    let days = from..<max(from, min(runs[n].until, end - first))
                    let length = Double(end - first)
                    // Short legs cost neither, and most are.
                    if Double(end - first - from) <= min(late.after, unpaid.after) {
                        for d in days {
                            let least = total - sums[base + d]
                            toGo[d] = least < toGo[d] ? least : toGo[d]
                        }
                    } else {
                        for d in days {
                            let lateDays = length - numbers[d] - late.after
                            let unpaidDays = length - numbers[d] - unpaid.after
                            let least =
                                total - sums[base + d] + (lateDays > 0 ? lateDays : 0) * late.perDay
                                + (unpaidDays > 0 ? unpaidDays : 0) * unpaid.perDay
                            toGo[d] = least < toGo[d] ? least : toGo[d]
                        }
                    }
                }
            }
        }
    }

    /// What a leg and what comes after it cost at the least, over the days on which it may end.
    /// - Parameter rest: What comes after, by days of the tables.
    func least(
        _ l: Int, from: Int, until days: ClosedRange<Int>, then rest: UnsafeBufferPointer<Double>
    ) -> Double {
        typealias Four = SIMD4<Double>
        let base = l * width
        let (late, unpaid) = (lateness(l), unpaidness(l))
        let (lower, upper) = (days.lowerBound - first, days.upperBound - first)
        let start = Double(from - first)
        let isShort = Double(days.upperBound - from) <= min(late.after, unpaid.after)
        return leastSums.withUnsafeBytes { sums in
            numbers.withUnsafeBytes { numbers in
                let rest = UnsafeRawBufferPointer(rest)
                func value<Lanes: SIMD<Double>>(_: Lanes.Type, _ d: Int) -> Lanes {
                    var value =
                        sums.loadUnaligned(fromByteOffset: (base + d) * 8, as: Lanes.self)
                        + rest.loadUnaligned(fromByteOffset: d * 8, as: Lanes.self)
                    if isShort { return value }
                    let length = numbers.loadUnaligned(fromByteOffset: d * 8, as: Lanes.self) - start
                    let lateDays = length - late.after
                    let unpaidDays = length - unpaid.after
                    value += lateDays.replacing(with: 0, where: lateDays .< 0) * late.perDay
                    value += unpaidDays.replacing(with: 0, where: unpaidDays .< 0) * unpaid.perDay
                    return value
                }
                var d = lower
                var least = Double.infinity
                if upper - lower >= 3 {
                    var four = Four(repeating: .infinity)
                    while d + 3 <= upper {
                        let found = value(Four.self, d)
                        four.replace(with: found, where: found .< four)
                        d += 4
                    }
                    least = four.min()
                }
                while d <= upper {
                    let length = Double(d) - start
                    least = min(
                        least,
                        sums.loadUnaligned(fromByteOffset: (base + d) * 8, as: Double.self)
                            + rest.loadUnaligned(fromByteOffset: d * 8, as: Double.self)
                            + max(0, length - late.after) * late.perDay
                            + max(0, length - unpaid.after) * unpaid.perDay)
                    d += 1
                }
                return entry[l] - sums.loadUnaligned(fromByteOffset: (base + from - first) * 8, as: Double.self) + least
            }
        }
    }

    /// Days after which a leg is late, and what each day then costs; never, where its victims differ in that.
    @inline(__always)
    private func lateness(_ l: Int) -> (after: Double, perDay: Double) {
        if lateAfter[l] == Self.askParts || lateAfter[l] > width { return (Double(width), 0) }
        return (Double(lateAfter[l]), Double(situation.instance.weights.overstayDay) * lateVictims[l])
    }

    /// Days beyond which nobody has days left to pay, and what each day then costs.
    @inline(__always)
    private func unpaidness(_ l: Int) -> (after: Double, perDay: Double) {
        mostPaid[l] > width ? (Double(width), 0) : (Double(mostPaid[l]), perUnfunded * victims)
    }

    @inline(__always)
    private func late(_ l: Int, of request: OpenRequest, _ from: Int, _ until: Int) -> Double {
        let after = lateAfter[l]
        if until - from <= after { return 0 }
        let perDay = Double(situation.instance.weights.overstayDay)
        if after != Self.askParts { return perDay * lateVictims[l] * Double(until - from - after) }
        let lodging = l < openings.count ? request.openings[l] : request.lodgings[l - openings.count]
        var days = 0
        for part in lodging.parts where part.mayBeLate { days += part.lateDays(from: from, until: until) }
        return perDay * Double(days)
    }
}
