/// An amount of money in cents of a euro.
public struct Cents: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, AdditiveArithmetic {
    /// The number of cents.
    public let amount: Int

    /// Makes an amount of so many cents.
    public init(_ amount: Int) {
        self.amount = amount
    }

    /// Makes an amount of a literal number of cents.
    public init(integerLiteral value: Int) {
        amount = value
    }

    /// Whether one amount is less than another.
    public static func < (a: Cents, b: Cents) -> Bool { a.amount < b.amount }
    /// The sum of two amounts.
    public static func + (a: Cents, b: Cents) -> Cents { Cents(a.amount + b.amount) }
    /// The difference of two amounts.
    public static func - (a: Cents, b: Cents) -> Cents { Cents(a.amount - b.amount) }
    /// An amount so many times.
    public static func * (a: Cents, times: Int) -> Cents { Cents(a.amount * times) }
}
