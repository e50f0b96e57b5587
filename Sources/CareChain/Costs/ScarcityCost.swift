/// `scarcity`: the unit's own weight per victim and day. Nothing for fixed requests; the caller leaves them out.
public enum ScarcityCost {
    /// What a day of a victim in a unit costs.
    public static func perDay(in unit: Unit) -> Int {
        unit.scarcity
    }
}
