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
    /// Whether its funding costs nothing whatever was paid before.
    private(set) var isFunded: [Bool] = []

    // One number per place.
    private var entry: [Double] = []
    private var lateAfter: [Int] = []
    private var lateVictims: [Double] = []
    // One number per place and day: before which day a leg must end, and sums of what the days before cost.
    private var reach: [Int32] = []
    private var sums: [Double] = []
    private var leastSums: [Double] = []
    /// For each place and length of a leg, what lasting so long costs at the least beyond the sums of its days.
    private var lasting: [Double] = []
    /// For each place the longest leg that costs nothing for lasting.
    private var freeLength: [Int] = []
    /// Days on end with one `reach`, in the order of the places, and where those of a place begin.
    private var runs: [Run] = []
    private var firstRun: [Int] = []
    private var offers: [Offer] = []
    private var perUnfunded = 0.0

    /// So many days that cost so much each.
    private struct Offer {
        let price: Double
        let days: Int
    }

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
        openings = 0..<request.openings.count
        lodgings = openings
        if request.request.current != nil { lodgings = openings.count..<openings.count + request.lodgings.count }
        let count = moves ? lodgings.upperBound : openings.upperBound
        if entry.count < count {
            entry = .init(repeating: 0, count: count)
            lateAfter = .init(repeating: 0, count: count)
            lateVictims = .init(repeating: 0, count: count)
            soleUnit = .init(repeating: 0, count: count)
            openingPoints = .init(repeating: 0, count: count)
            movesLeft = .init(repeating: 0, count: count)
            leastDays = .init(repeating: 0, count: count)
            isFunded = .init(repeating: false, count: count)
            freeLength = .init(repeating: 0, count: count)
        }
        runs.removeAll(keepingCapacity: true)
        firstRun.removeAll(keepingCapacity: true)
        if sums.count < count * width {
            sums = .init(repeating: 0, count: count * width)
            leastSums = .init(repeating: 0, count: count * width)
            lasting = .init(repeating: 0, count: count * width)
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
        for length in 0..<width { lasting[base + length] = 0 }
        isFunded[l] = true
        for (n, unit) in lodging.units.enumerated() where !request.funding[n].isFree(in: unit, prices) {
            isFunded[l] = false
            fund(l, request.funding[n], in: unit, over: request.span, at: prices)
        }
        addLateness(l)
        freeLength[l] = 0
        while freeLength[l] + 1 < width, lasting[base + freeLength[l] + 1] == 0 { freeLength[l] += 1 }
        var total = 0.0
        var least = 0.0
        for d in 1..<max(1, width) {
            least += leastSums[base + d] + sums[base + d]
            total += sums[base + d]
            sums[base + d] = total
            leastSums[base + d] = least
        }
    }

    /// Adds what funding one victim in a unit costs at the least, whatever was paid before: on each day the least that
    /// any payer charges (or nobody, where all may be exhausted), and for a leg that lasts the excess over that, when
    /// those who charge least pay as long as they can, then the next.
    private mutating func fund(
        _ l: Int, _ funding: VictimFunding, in unit: Int, over span: Range<Int>, at prices: Prices
    ) {
        let base = l * width
        let place = Int(funding.scheduleOfUnit[unit])
        let outlook = funding.outlooks[place]
        let daily = Double(situation.instance.units[unit].dailyCost.amount)
        offers.removeAll(keepingCapacity: true)
        var unpaidExcess = perUnfunded
        if outlook.canBePriced, funding.isPriced(place, prices) {
            let segments = funding.schedules[place].segments.map { segment in
                var least = outlook.alwaysPaid ? .infinity : perUnfunded
                for candidate in segment.candidates where funding.left(candidate) > 0 {
                    least = min(least, prices.cents[candidate.funder] * daily)
                }
                return (days: segment.days, candidates: segment.candidates, least: least)
            }
            for segment in segments {
                unpaidExcess = min(unpaidExcess, perUnfunded - segment.least)
                if segment.least == 0 { continue }
                let days = (segment.days.lowerBound.number..<segment.days.upperBound.number)
                for day in days.clamped(to: span) { leastSums[base + day - first + 1] += segment.least }
            }
            for (funder, days) in outlook.left {
                let price = prices.cents[funder] * daily
                var excess = Double.infinity
                for segment in segments where segment.candidates.contains(where: { $0.funder == funder }) {
                    excess = min(excess, price - segment.least)
                }
                offers.append(Offer(price: max(0, excess), days: days))
            }
            offers.sort { $0.price < $1.price }
        } else {
            for days in outlook.unpaid {
                for day in days.clamped(to: span) { leastSums[base + day - first + 1] += perUnfunded }
            }
            offers.append(Offer(price: 0, days: outlook.mostPaid))
        }
        if outlook.alwaysPaid, offers.allSatisfy({ $0.price == 0 }) { return }
        var length = 1
        var sum = 0.0
        for offer in offers {
            let price = outlook.alwaysPaid ? offer.price : min(offer.price, unpaidExcess)
            var left = offer.days
            while left > 0, length < width {
                sum += price
                lasting[base + length] += sum
                length += 1
                left -= 1
            }
        }
        while length < width {
            sum += outlook.alwaysPaid ? 0 : unpaidExcess
            lasting[base + length] += sum
            length += 1
        }
    }

    /// Adds the lateness of a leg to what lasting costs; where its victims differ in that, they are taken to be in time.
    private mutating func addLateness(_ l: Int) {
        let after = lateAfter[l]
        if after == Self.askParts || after >= width { return }
        let perDay = Double(situation.instance.weights.overstayDay) * lateVictims[l]
        for length in after + 1..<max(after + 1, width) {
            lasting[l * width + length] += perDay * Double(length - after)
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
    @inline(__always)
    func least(_ l: Int, from: Int, until: Int) -> Double {
        let base = l * width
        return entry[l] + leastSums[base + until - first] - leastSums[base + from - first]
            + lasting[base + until - from]
    }

    /// Lowers the least that the rest of a stay costs, by days of the tables, to that of a last leg in a lodging that
    /// begins there.
    func lower(_ toGo: UnsafeMutableBufferPointer<Double>, toLastLegIn l: Int, from start: Int, until end: Int) {
        let base = l * width
        let last = end - first
        let total = entry[l] + leastSums[base + last]
        leastSums.withUnsafeBufferPointer { sums in
            lasting.withUnsafeBufferPointer { lasting in
                for n in firstRun[l]..<firstRun[l + 1] where Int(runs[n].reach) >= end {
                    let from = max(runs[n].from, start - first)
                    let days = from..<max(from, min(runs[n].until, last))
                    // Short legs cost nothing for lasting, and most are.
                    if last - from <= freeLength[l] {
                        for d in days {
                            let least = total - sums[base + d]
                            toGo[d] = least < toGo[d] ? least : toGo[d]
                        }
                    } else {
                        for d in days {
                            let least = total - sums[base + d] + lasting[base + last - d]
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
        let base = l * width
        let start = from - first
        return leastSums.withUnsafeBytes { sums in
            lasting.withUnsafeBytes { lasting in
                let rest = UnsafeRawBufferPointer(rest)
                var d = days.lowerBound - first
                let last = days.upperBound - first
                var least = Double.infinity
                if last - d >= 3 {
                    // The compiler does not make such a loop of a minimum by itself.
                    var four = SIMD4<Double>(repeating: .infinity)
                    while d + 3 <= last {
                        let found =
                            sums.loadUnaligned(fromByteOffset: (base + d) * 8, as: SIMD4<Double>.self)
                            + rest.loadUnaligned(fromByteOffset: d * 8, as: SIMD4<Double>.self)
                            + lasting.loadUnaligned(fromByteOffset: (base + d - start) * 8, as: SIMD4<Double>.self)
                        four.replace(with: found, where: found .< four)
                        d += 4
                    }
                    least = four.min()
                }
                while d <= last {
                    least = min(
                        least,
                        sums.loadUnaligned(fromByteOffset: (base + d) * 8, as: Double.self)
                            + rest.loadUnaligned(fromByteOffset: d * 8, as: Double.self)
                            + lasting.loadUnaligned(fromByteOffset: (base + d - start) * 8, as: Double.self))
                    d += 1
                }
                return entry[l] - sums.loadUnaligned(fromByteOffset: (base + start) * 8, as: Double.self) + least
            }
        }
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
