/// `exclusive`: in an exclusive unit all victims of one day belong to one request. Where fixed stays alone break it,
/// that is forgiven and nobody else may be there.
public enum ExclusiveRule: Rule {
    /// `exclusive`.
    public static let code = RuleCode.exclusive
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The unit takes one group at a time, and another is there.",
        dutch: "De afdeling neemt één groep tegelijk en er is een andere.")

    /// Whether victims of so many requests may be in a unit on the same day.
    ///
    /// - Parameter others: Whether one of the requests is not fixed.
    public static func allows(requests: Int, others: Bool, in unit: Unit) -> Bool {
        !unit.exclusive || requests <= 1 || !others
    }
}
