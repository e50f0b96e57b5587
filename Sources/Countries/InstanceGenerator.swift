public import CareChain

/// Makes up instances of a country: the same country, seed and numbers give the same instance on every machine.
///
/// The shelters, prices and funders are the country's. Who asks for shelter, how often and for how long is assumed where
/// `ArrivalStream`, `CaseDraw` and `Residents` do not name a source. The horizon starts on the country's first day.
/// Nobody's funder has paid anything before it. Whatever is not locked can be left unplaced, so that every instance has
/// a feasible plan.
public struct InstanceGenerator: Sendable {
    private let country: Country
    private let seed: UInt64

    /// Makes a generator.
    public init(country: Country, seed: UInt64) {
        self.country = country
        self.seed = seed
    }

    /// A day in the life of the country: shelters nine tenths full, and requests that wait for a place, all known.
    ///
    /// One in seven of those who have a place can be moved; the others are locked. All these shares are assumed.
    ///
    /// - Parameters:
    ///   - open: Open requests per copy of the country, 0 to 100,000.
    ///   - days: Days of the horizon, 1 to 3660.
    ///   - scale: Copies of the country, 1 to 100.
    /// - Throws: ``CareChain/InvalidInput`` when a number is out of its range.
    public func snapshot(open: Int = 60, days: Int = 180, scale: Int = 1) throws(InvalidInput) -> Instance {
        try instance(
            "snapshot", open: open, days: days, scale: scale, filledPercent: 90, lockedPercent: 86, spread: 1)
    }

    /// A stretch of days in which requests become known one after the other, three quarters of the beds being taken,
    /// all of them locked, at the start.
    ///
    /// - Parameters:
    ///   - open: Open requests per copy of the country, 0 to 100,000; nil: a quarter more than arrive in so many days.
    ///     They become known until 30 days before the end.
    ///   - days: Days of the horizon, 1 to 3660.
    ///   - scale: Copies of the country, 1 to 100.
    /// - Throws: ``CareChain/InvalidInput`` when a number is out of its range.
    public func stream(open: Int? = nil, days: Int = 365, scale: Int = 1) throws(InvalidInput) -> Instance {
        // Before anything is calculated of it that could overflow.
        try Self.check(days, "days", 1...3660)
        let spread = max(1, days - 30)
        let perYear = ArrivalStream.all.reduce(0) { $0 + $1.requestsPerYear }
        return try instance(
            "stream", open: open ?? perYear * 125 * spread / 36_500, days: days, scale: scale, filledPercent: 75,
            lockedPercent: 100, spread: spread)
    }

    /// - Parameter spread: The number of days on which requests become known.
    private func instance(
        _ kind: String, open: Int, days: Int, scale: Int, filledPercent: Int, lockedPercent: Int, spread: Int
    ) throws(InvalidInput) -> Instance {
        try Self.check(open, "open", 0...100_000)
        try Self.check(days, "days", 1...3660)
        try Self.check(scale, "scale", 1...100)
        let name = "\(kind)-\(seed)-open\(open)-days\(days)-scale\(scale)"
        let horizon = Horizon(start: country.firstDay, days: days)

        var random = SplitMix64(seed: seed)
        let country = country.copied(times: scale).withOthersInBeds(from: horizon.start, &random)
        let empty = try country.instance(name: name, horizon: horizon)
        var draw = CaseDraw(random: random, regions: country.regions, horizon: horizon)
        var residents = Residents(of: empty, lockedPercent: lockedPercent)
        var cases = residents.fill(percent: filledPercent, from: &draw)
        for known in (0..<open * scale).map({ _ in draw.random.below(spread) }).sorted() {
            cases.append(Self.open(number: cases.count + 1, knownFrom: known, in: horizon, from: &draw))
        }
        return try country.instance(
            name: name, horizon: horizon, victims: cases.flatMap(\.victims), requests: cases.map(\.request),
            noContact: Self.noContact(among: cases.map(\.request), in: empty, &draw.random))
    }

    private static func open(
        number: Int, knownFrom known: Int, in horizon: Horizon, from draw: inout CaseDraw
    ) -> (victims: [Victim], request: Request) {
        // Seven of ten are needed at once, the others within two weeks, a few within three; assumed.
        var ahead = 0
        if draw.random.happens(percent: 28) {
            ahead = draw.random.number(in: draw.random.happens(percent: 92) ? 1...14 : 15...21)
        }
        let needed = min(known + ahead, horizon.days - 1)
        let drawn = draw.next(neededFrom: Day(needed))
        return (
            drawn.victims,
            Request(
                id: RequestID("r\(number)"), victims: drawn.victims.map(\.id), together: drawn.together,
                knownFrom: Day(known), neededFrom: Day(needed),
                latestStart: Day(min(needed + drawn.patienceDays, horizon.days - 1)), stayDays: drawn.stayDays,
                urgency: drawn.urgency, preferredRegion: drawn.preferredRegion)
        )
    }

    /// Pairs who must not meet, one for every 25 requests, and never two who live together already; assumed.
    private static func noContact(
        among requests: [Request], in country: Instance, _ random: inout SplitMix64
    ) -> [NoContact] {
        let people = requests.flatMap { request in
            request.victims.map { victim in
                (
                    id: victim, request: request.id,
                    unit: request.current?.first { $0.victim == victim }.flatMap { country.unitIndex[$0.unit] }
                )
            }
        }
        var pairs: [NoContact] = []
        for _ in 0..<requests.count / 25 {
            guard let a = random.pick(people), let b = random.pick(people), a.request != b.request,
                let scope = random.pick([(ContactScope.shelter, 60), (.region, 30), (.unit, 10)], weight: \.1)?.0
            else { continue }
            if let one = a.unit, let other = b.unit, NoContactRule.meet(in: one, and: other, scope: scope, of: country)
            {
                continue
            }
            pairs.append(NoContact(a: a.id, b: b.id, scope: scope))
        }
        return pairs
    }

    private static func check(_ number: Int, _ name: String, _ range: ClosedRange<Int>) throws(InvalidInput) {
        if !range.contains(number) {
            throw InvalidInput(
                path: name, problem: "\(number) is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
