/// A type as PostgreSQL numbers it, with the type of its arrays (`pg_type.dat` of PostgreSQL's sources).
public struct PostgresType: Sendable, Hashable {
    /// The type's number; 0 lets PostgreSQL infer it from where the parameter stands.
    public let oid: UInt32
    /// The number of the type of its arrays; 0 lets PostgreSQL infer it.
    public let arrayOID: UInt32

    /// A type by its numbers.
    public init(oid: UInt32, arrayOID: UInt32) {
        self.oid = oid
        self.arrayOID = arrayOID
    }

    /// Whatever PostgreSQL infers, for arrays as well.
    public static let inferred = PostgresType(oid: 0, arrayOID: 0)
    /// A truth value.
    public static let bool = PostgresType(oid: 16, arrayOID: 1000)
    /// Bytes.
    public static let bytea = PostgresType(oid: 17, arrayOID: 1001)
    /// A whole number of 64 bits.
    public static let int8 = PostgresType(oid: 20, arrayOID: 1016)
    /// A whole number of 32 bits.
    public static let int4 = PostgresType(oid: 23, arrayOID: 1007)
    /// Text.
    public static let text = PostgresType(oid: 25, arrayOID: 1009)
    /// A floating-point number of 64 bits.
    public static let float8 = PostgresType(oid: 701, arrayOID: 1022)
    /// A calendar date.
    public static let date = PostgresType(oid: 1082, arrayOID: 1182)
    /// An instant.
    public static let timestamptz = PostgresType(oid: 1184, arrayOID: 1185)
    /// A universally unique identifier.
    public static let uuid = PostgresType(oid: 2950, arrayOID: 2951)
    /// JSON in PostgreSQL's own form, which keeps neither layout nor order of keys.
    public static let jsonb = PostgresType(oid: 3802, arrayOID: 3807)
    /// A range of calendar dates.
    public static let daterange = PostgresType(oid: 3912, arrayOID: 3913)
}
