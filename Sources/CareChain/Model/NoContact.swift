/// Two victims who must never meet (*contactverbod*).
public struct NoContact: Sendable, Equatable {
    /// One victim.
    public let a: VictimID
    /// The other victim.
    public let b: VictimID
    /// Where they must not be on the same day.
    public let scope: ContactScope

    /// Makes a pair.
    public init(a: VictimID, b: VictimID, scope: ContactScope) {
        self.a = a
        self.b = b
        self.scope = scope
    }
}

/// Where two victims must not be on the same day.
public enum ContactScope: String, CaseIterable, Sendable {
    /// In the same unit.
    case unit
    /// In the same shelter.
    case shelter
    /// In the same region.
    case region
}
