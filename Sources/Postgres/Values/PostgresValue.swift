/// A type whose values can be bound to statements and read from columns, in PostgreSQL's text format.
///
/// A type of another module conforms with two members:
///
///     extension ShelterID: PostgresValue {
///         var postgresText: String { rawValue }
///         init?(postgresText: String) { self.init(rawValue: postgresText) }
///     }
public protocol PostgresValue: PostgresNullable {
    /// The type that PostgreSQL is told; inferred unless the conforming type says otherwise.
    static var postgresType: PostgresType { get }

    /// The value as PostgreSQL's input function for the type reads it.
    var postgresText: String { get }

    /// Reads what PostgreSQL's output function wrote; `nil` when it is no such value.
    init?(postgresText: String)
}

/// A value, or an Optional of one, whose `nil` is NULL. Conform to ``PostgresValue`` instead.
public protocol PostgresNullable: Sendable {
    /// The type that PostgreSQL is told.
    static var postgresType: PostgresType { get }
    /// The value's text; `nil` for NULL.
    var postgresTextOrNull: String? { get }
    /// Reads a column's text, `nil` for NULL; `nil` when it is no such value.
    init?(postgresTextOrNull text: String?)
}

extension PostgresValue {
    /// Inferred from where the value stands.
    public static var postgresType: PostgresType { .inferred }
    /// The value's text.
    public var postgresTextOrNull: String? { postgresText }

    /// Reads a column's text; NULL is no value.
    public init?(postgresTextOrNull text: String?) {
        guard let text else { return nil }
        self.init(postgresText: text)
    }
}

extension Optional: PostgresNullable where Wrapped: PostgresValue {
    /// The wrapped value's type.
    public static var postgresType: PostgresType { Wrapped.postgresType }
    /// The wrapped value's text, or NULL.
    public var postgresTextOrNull: String? { self?.postgresText }

    /// Reads a column's text; NULL is `nil`.
    public init?(postgresTextOrNull text: String?) {
        guard let text else {
            self = Self.none
            return
        }
        guard let value = Wrapped(postgresText: text) else { return nil }
        self = Self.some(value)
    }
}
