/// `objective`: where a plan states its objective, it is what the costs give.
public enum ObjectiveRule: Rule {
    /// `objective`.
    public static let code = RuleCode.objective
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The plan states another cost than it has.",
        dutch: "Het plan noemt andere kosten dan het heeft.")
}

/// `bound`: where a plan states a bound, it is not above the objective.
public enum BoundRule: Rule {
    /// `bound`.
    public static let code = RuleCode.bound
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The plan states a bound above its cost.",
        dutch: "Het plan noemt een ondergrens boven zijn kosten.")
}
