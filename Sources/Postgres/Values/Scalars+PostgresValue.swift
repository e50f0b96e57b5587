public import Foundation

extension String: PostgresValue {
    /// Inferred, so that a text can also stand for a date or an enumeration; an array of texts is `text[]`.
    public static var postgresType: PostgresType { PostgresType(oid: 0, arrayOID: PostgresType.text.arrayOID) }
    /// The text itself.
    public var postgresText: String { self }

    /// The column's text, of any type.
    public init?(postgresText: String) {
        self = postgresText
    }
}

extension Int: PostgresValue {
    /// Inferred, so that a number fits columns and functions of 32 bits too; an array of numbers is `bigint[]`.
    public static var postgresType: PostgresType { PostgresType(oid: 0, arrayOID: PostgresType.int8.arrayOID) }
    /// Decimal digits.
    public var postgresText: String { String(self) }

    /// Reads decimal digits.
    public init?(postgresText: String) {
        self.init(postgresText)
    }
}

extension Bool: PostgresValue {
    /// `boolean`.
    public static var postgresType: PostgresType { .bool }
    /// `t` or `f`.
    public var postgresText: String { self ? "t" : "f" }

    /// Reads `t` or `f`.
    public init?(postgresText: String) {
        switch postgresText {
        case "t": self = true
        case "f": self = false
        default: return nil
        }
    }
}

extension Double: PostgresValue {
    /// `double precision`.
    public static var postgresType: PostgresType { .float8 }
    /// The shortest digits that read back as the same number.
    public var postgresText: String { description }

    /// Reads a number.
    public init?(postgresText: String) {
        self.init(postgresText)
    }
}

extension UUID: PostgresValue {
    /// `uuid`.
    public static var postgresType: PostgresType { .uuid }
    /// Hexadecimal digits in five groups.
    public var postgresText: String { uuidString }

    /// Reads hexadecimal digits in five groups.
    public init?(postgresText: String) {
        self.init(uuidString: postgresText)
    }
}

/// JSON for a `jsonb` or `json` column, as text.
public struct JSONText: PostgresValue, Hashable {
    /// `jsonb`.
    public static var postgresType: PostgresType { .jsonb }
    /// The JSON.
    public let postgresText: String

    /// JSON that PostgreSQL checks.
    public init(postgresText: String) {
        self.postgresText = postgresText
    }
}
