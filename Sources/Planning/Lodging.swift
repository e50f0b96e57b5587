import CareChain

/// Where the victims of one request are during one leg: each in a unit, all in the same one or in those of one shelter.
struct Lodging {
    /// The victims of the request in one unit.
    struct Part {
        let unit: Int
        /// Their places within the request.
        let victims: [Int]
        /// The sex of the first of them: of all, in a single-sex unit.
        let sex: Sex
        /// The beds they take.
        let beds: Int
        /// Whether the cost of staying too long can arise at all.
        let mayBeLate: Bool
        /// Per victim of the part the first late day counted from the first day of the leg.
        let lateAfter: [Int]
        /// Per victim of the part the days on which the unit does not accept its age or phase.
        let refused: [[Range<Int>]]
        /// Points per day of all of them, `overSecurity` and `scarcity`, overstaying aside.
        let pointsPerDay: Int
    }

    /// The unit of each victim, in the order of the request.
    let units: [Int]
    /// The units used, in order.
    let parts: [Part]
    /// Points of entering it: out of region and travel, of those who enter.
    let entryPoints: Int
    /// As a first leg of a request with `current`: how many victims move on day 0.
    let movedOnDay0: Int
    /// As a first leg of a request with `current`: how many moves may follow.
    let movesLeft: Int
    /// The fewest days before a move.
    let leastDays: Int
    /// For each day of the request's span: the day before which a leg that begins here must end, because a bed or a
    /// rule fails then; the day itself where no leg can begin.
    let reach: [Int16]
    /// Whether it stands for all lodgings that differ only in which victims of one kind are where.
    let isExchangeable: Bool
}

/// The request of a trajectory as the planner sees it: what it may choose from.
struct OpenRequest {
    /// Its place in the instance.
    let place: Int
    let request: Request
    /// The places of its victims in the instance.
    let victims: [Int]
    /// The days on which it may start.
    var starts: Range<Int>
    /// All days on which it may be anywhere: from its first start to its last end.
    let span: Range<Int>
    /// Where it can be in a leg that is no first leg of a request with `current`.
    var lodgings: [Lodging]
    /// Where it can be from day 0 on when it has `current`; empty otherwise.
    var firstLodgings: [Lodging]
    /// Victims who are alike in everything that costs or rules look at have the same number.
    let kinds: [Int]
    /// Whether every lodging is listed; when not, the bound does not rely on this request.
    let isComplete: Bool
    /// Days that each funder has paid for each victim, and what it pays in each unit.
    let funding: [VictimFunding]
    let unplacedPoints: Int
    let horizonDays: Int
    /// The places of the openings to which a branch of the search limits it; nil: all.
    var allowedOpenings: Set<Int>?

    /// Whether its victims need not all be in one unit.
    var mayBeSpread: Bool { request.together == .shelter && victims.count > 1 }

    /// The day on which a stay that starts on a day ends.
    func end(startingOn start: Int) -> Int {
        request.end(startingOn: Day(start), horizonDays: horizonDays).number
    }

    /// The most moves that any of its openings leaves.
    var mostMovesLeft: Int { openings.reduce(0) { max($0, $1.movesLeft) } }

    /// The lodgings with which it can begin.
    var openings: [Lodging] { request.current == nil ? lodgings : firstLodgings }
}
