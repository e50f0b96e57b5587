/// A line of a funders' statement: what a payer paid in a month. There are no persons in it.
public struct StatementLine: Sendable, Equatable, Codable {
    /// The month.
    public let month: Month
    /// The funder; nil: nobody paid these days.
    public let funder: String?
    /// The days of all victims together.
    public let days: Int
    /// What they cost, in cents, by the units' costs per day.
    public let cents: Int
}
