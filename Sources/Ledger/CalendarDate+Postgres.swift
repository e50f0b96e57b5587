public import CareChain
public import Postgres

extension CalendarDate: PostgresValue {
    /// `date`.
    public static var postgresType: PostgresType { .date }
    /// `YYYY-MM-DD`.
    public var postgresText: String { description }

    /// Reads `YYYY-MM-DD`; not `infinity`, not BC, not after the year 9999.
    public init?(postgresText: String) {
        self.init(postgresText)
    }
}
