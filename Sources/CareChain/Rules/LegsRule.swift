/// `legs`: a victim who moves has at most `maxMoves` moves, earlier ones counted in, and a leg that is not the last
/// lasts at least `minLegDays`, unless it is a first leg in the current unit.
public enum LegsRule: Rule {
    /// `legs`.
    public static let code = RuleCode.legs
    /// What the rule says.
    public static let sentence = Sentence(
        english: "Too many moves, or a stay between two moves that is too short.",
        dutch: "Te veel verhuizingen, of een te kort verblijf tussen twee verhuizingen.")

    /// Whether a victim may make so many moves after those already made; none is always allowed.
    public static func allows(moves: Int, after made: Int, _ limits: MoveLimits) -> Bool {
        moves == 0 || moves + made <= limits.maxMoves
    }

    /// Whether a leg that is not the last may be so short.
    ///
    /// - Parameter staysPut: Whether it is a first leg in the victim's current unit.
    public static func allows(legOf days: Int, staysPut: Bool, _ limits: MoveLimits) -> Bool {
        staysPut || days >= limits.minLegDays
    }
}
