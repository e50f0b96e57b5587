/// The identifier of a `Subject`: an opaque text, unique among its kind.
public struct ID<Subject>: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The text as it stands in files and in the database.
    public let text: String

    /// Makes an identifier of a text.
    public init(_ text: String) {
        self.text = text
    }

    /// Makes an identifier of a literal.
    public init(stringLiteral value: String) {
        text = value
    }

    /// The text itself.
    public var description: String { text }

    /// Orders by the bytes of the text, so that the order is the same everywhere.
    public static func < (a: Self, b: Self) -> Bool {
        a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
    }
}

/// The identifier of a ``Region``.
public typealias RegionID = ID<Region>
/// The identifier of a ``Shelter``.
public typealias ShelterID = ID<Shelter>
/// The identifier of a ``Unit``.
public typealias UnitID = ID<Unit>
/// The identifier of a ``Funder``.
public typealias FunderID = ID<Funder>
/// The identifier of a ``Victim``: a pseudonym, never a name.
public typealias VictimID = ID<Victim>
/// The identifier of a ``Request``.
public typealias RequestID = ID<Request>
