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

    // One number per place.
    private var entry: [Double] = []
    private var mostPaid: [Int] = []
    private var lateAfter: [Int] = []
    private var lateVictims: [Double] = []
    // One number per place and day: before which day a leg must end, and sums of what the days before cost.
    private var reach: [Int32] = []
    private var sums: [Double] = []
    private var leastSums: [Double] = []
    private var perUnfunded = 0.0
    private var victims = 0.0

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
        }
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
    }

    private mutating func fill(_ l: Int, _ lodging: Lodging, of request: OpenRequest) {
        entry[l] = Double(lodging.entryPoints)
        soleUnit[l] = lodging.units.count == 1 ? Int32(lodging.units[0]) : -1
        let base = l * width
        for d in 0..<width - 1 { reach[base + d] = Int32(lodging.reach[d]) }
        reach[base + width - 1] = Int32(request.span.upperBound)
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
