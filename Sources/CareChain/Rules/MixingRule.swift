/// `mixing`: in a single-sex unit all who are there on one day have the same sex (`x` is one of its own). Where fixed
/// stays alone mix, that is forgiven and nobody else may be there.
public enum MixingRule: Rule {
    /// `mixing`.
    public static let code = RuleCode.mixing
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The unit is for one sex at a time, and people of another sex are there.",
        dutch: "De afdeling is voor één geslacht tegelijk en er zijn mensen van een ander geslacht.")

    /// Whether people of these sexes may be in a unit on the same day.
    ///
    /// - Parameter others: Whether one of them is of a request that is not fixed.
    public static func allows(_ sexes: Set<Sex>, others: Bool, in unit: Unit) -> Bool {
        unit.mixing == .any || sexes.count <= 1 || !others
    }
}
