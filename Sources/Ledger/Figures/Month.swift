public import CareChain

/// A month of the calendar.
public struct Month: Sendable, Hashable, Comparable, Codable, LosslessStringConvertible {
    /// Its first day.
    public let first: CalendarDate

    /// The month of a day.
    public init(of day: CalendarDate) {
        first = day.adding(days: 1 - day.day)
    }

    /// Reads `YYYY-MM`; nil when it is anything else.
    public init?(_ text: String) {
        guard let first = CalendarDate("\(text)-01") else { return nil }
        self.first = first
    }

    /// `YYYY-MM`.
    public var description: String { String(first.description.prefix(7)) }

    /// The month after it.
    public var next: Month { Month(of: first.adding(days: 31)) }

    /// Its days.
    public var days: Range<CalendarDate> { first..<next.first }

    /// Whether one month is earlier than another.
    public static func < (a: Month, b: Month) -> Bool { a.first < b.first }

    /// Reads `YYYY-MM`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let month = Month(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no month")
        }
        self = month
    }

    /// Writes `YYYY-MM`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
