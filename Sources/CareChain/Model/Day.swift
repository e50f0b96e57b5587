/// A whole day counted from the start of the horizon: day 0 is `horizon.start`.
///
/// Stays and windows are half-open ranges of days, `[from, until)`.
public struct Day: Hashable, Comparable, Strideable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// Days since the start of the horizon; negative before it.
    public let number: Int

    /// Makes the day with a number.
    public init(_ number: Int) {
        self.number = number
    }

    /// Makes a day of a literal number.
    public init(integerLiteral value: Int) {
        number = value
    }

    /// The number in digits.
    public var description: String { String(number) }

    /// Whether one day is earlier than another.
    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }

    /// Days from this one to another.
    public func distance(to other: Day) -> Int { other.number - number }

    /// The day so many days later.
    public func advanced(by days: Int) -> Day { Day(number + days) }

    /// The day so many days later.
    public static func + (day: Day, days: Int) -> Day { Day(day.number + days) }

    /// Days between two days.
    public static func - (later: Day, earlier: Day) -> Int { later.number - earlier.number }
}
