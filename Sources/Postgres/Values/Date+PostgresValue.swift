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
        let pattern = /(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?/
        guard let match = postgresText.wholeMatch(of: pattern) else { return nil }
        func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
        var parts = tm()
        parts.tm_year = Int32(number(match.1) - 1900)
        parts.tm_mon = Int32(number(match.2) - 1)
        parts.tm_mday = Int32(number(match.3))
        parts.tm_hour = Int32(number(match.4))
        parts.tm_min = Int32(number(match.5))
        parts.tm_sec = Int32(number(match.6))
        let offset = number(match.9) * 3600 + number(match.10) * 60 + number(match.11)
        let fraction = number(match.7.map { $0 + String(repeating: "0", count: 6 - $0.count) })
        let seconds = timegm(&parts) - (match.8 == "-" ? -offset : offset)
        let sinceReference = seconds - Int(Self.timeIntervalBetween1970AndReferenceDate)
        self.init(timeIntervalSinceReferenceDate: Double(sinceReference * 1_000_000 + fraction) / 1e6)
    }
}
