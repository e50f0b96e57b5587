public import Foundation

/// An instant, to the microsecond, which is as fine as PostgreSQL keeps it.
extension Date: PostgresValue {
    /// `timestamptz`.
    public static var postgresType: PostgresType { .timestamptz }

    /// The instant in UTC; one that PostgreSQL cannot hold gives a text that it refuses.
    public var postgresText: String {
        let exact = (timeIntervalSinceReferenceDate * 1e6).rounded()
        guard let microseconds = Int(exactly: exact) else { return "out of range" }
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let borrow = fraction < 0 ? 1 : 0
        var time = time_t(seconds - borrow + Int(Self.timeIntervalBetween1970AndReferenceDate))
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return "out of range" }
        return String(
            format: "%04d-%02d-%02d %02d:%02d:%02d.%06d+00",
            Int(parts.tm_year) + 1900,
            parts.tm_mon + 1,
            parts.tm_mday,
            parts.tm_hour,
            parts.tm_min,
            parts.tm_sec,
            fraction + borrow * 1_000_000
        )
    }

    /// Reads PostgreSQL's ISO output with its offset from UTC, `2026-11-24 08:30:00.25+00`; not `infinity`, not BC.
    public init?(postgresText: String) {
        // By hand: a regular expression takes a hundred times as long, for each row of what is listed.
        var reader = InstantReader(rest: Substring(postgresText).utf8)
        guard let year = reader.number(4...6), reader.take("-"), let month = reader.number(2...2), reader.take("-"),
            let day = reader.number(2...2), reader.take(" "), let hour = reader.number(2...2), reader.take(":"),
            let minute = reader.number(2...2), reader.take(":"), let second = reader.number(2...2)
        else { return nil }
        var microseconds = 0
        if reader.take(".") {
            let digits = reader.rest.count
            guard let fraction = reader.number(1...6) else { return nil }
            microseconds = (0..<(6 - digits + reader.rest.count)).reduce(fraction) { value, _ in value * 10 }
        }
        let isWest = reader.take("-")
        guard isWest || reader.take("+"), let hours = reader.number(2...2) else { return nil }
        var offset = hours * 3600
        for unit in [60, 1] where reader.take(":") {
            guard let number = reader.number(2...2) else { return nil }
            offset += number * unit
        }
        guard reader.rest.isEmpty else { return nil }
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        let seconds = timegm(&parts) - (isWest ? -offset : offset)
        let sinceReference = seconds - Int(Self.timeIntervalBetween1970AndReferenceDate)
        self.init(timeIntervalSinceReferenceDate: Double(sinceReference * 1_000_000 + microseconds) / 1e6)
    }
}

/// Reads numbers and what is between them.
private struct InstantReader {
    var rest: Substring.UTF8View

    /// The number of so many decimal digits; nil when there are fewer.
    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < digits.upperBound, let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            count += 1
            rest.removeFirst()
        }
        return count >= digits.lowerBound ? value : nil
    }

    /// Whether the next character is this one, which then is read.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
