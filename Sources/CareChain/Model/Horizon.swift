/// The days that a plan covers: `[0, days)` counted from `start`.
public struct Horizon: Sendable, Equatable {
    /// The date of day 0.
    public let start: CalendarDate
    /// The number of days, 1 to 3660.
    public let days: Int

    /// Makes a horizon.
    public init(start: CalendarDate, days: Int) {
        self.start = start
        self.days = days
    }

    /// All its days.
    public var range: Range<Day> { 0..<Day(days) }

    /// The date of a day.
    public func date(of day: Day) -> CalendarDate {
        start.adding(days: day.number)
    }

    /// The day with a date.
    public func day(of date: CalendarDate) -> Day {
        Day(start.days(to: date))
    }
}

/// The rules of an instance that hold for all requests alike.
public struct MoveLimits: Sendable, Equatable {
    /// The most moves of one placement: 0, 1 or 2.
    public let maxMoves: Int
    /// The fewest days of a leg that is not the last.
    public let minLegDays: Int

    /// Makes the limits.
    public init(maxMoves: Int, minLegDays: Int) {
        self.maxMoves = maxMoves
        self.minLegDays = minLegDays
    }
}
